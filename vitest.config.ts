import { defineConfig } from 'vitest/config'

const conditions = ['vigie-source', 'module', 'node', 'development|production']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/{src,test}/**/*.test.ts', 'examples/**/*.test.ts', 'scripts/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/*.{long,interop}.test.ts'],
    execArgv: ['--conditions=vigie-source'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
