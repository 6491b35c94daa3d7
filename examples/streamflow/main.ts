// npm start: the loop on months of StreamFlow, simulated ones unless --data gives real ones.
import { fileURLToPath } from 'node:url'
import { start } from 'vigie/start'
import { simulate } from './simulate.ts'
import project from './vigie.config.ts'

await start({
  project,
  config: fileURLToPath(new URL('./vigie.config.ts', import.meta.url)),
  simulate: async ({ dir, users, onProgress }) => {
    const timeline = await simulate({ dir, users, seed: 7, onProgress })
    return new Map(timeline.map(({ folder, note }) => [folder, note]))
  },
  argv: process.argv.slice(2),
})
