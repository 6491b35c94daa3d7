// Run as a process of its own by online-store.test.ts: reads every key once a turn until it is told to stop, then prints
// what it saw as one JSON line.
import { setImmediate } from 'node:timers/promises'
import { openOnlineStore } from '../../src/adapters/lmdb/online-store.ts'
import type { FeatureSpec } from '../../src/domain/feature-spec.ts'

const [file = '', keysText = '[]', specText = '[]'] = process.argv.slice(2)
const keys = JSON.parse(keysText) as string[]
const request = { features: JSON.parse(specText) as FeatureSpec, maxAges: {} }

let stopped = false
process.stdin.once('data', () => {
  stopped = true
})

const store = openOnlineStore(file)
const states = new Set<string>()
let torn = 0
process.stdout.write('reading\n')
while (!stopped) {
  const seen = new Set(keys.map((key) => String(store.read(key, request, 0).values[0])))
  if (seen.size > 1) torn++
  for (const state of seen) states.add(state)
  await setImmediate()
}
process.stdout.write(`${JSON.stringify({ torn, states: [...states] })}\n`)
await store.close()
process.exit(0)
