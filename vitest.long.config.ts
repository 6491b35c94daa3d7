import { defineConfig } from 'vitest/config'
import short from './vitest.config.ts'

// The full-figure forms of the tests, run by hand: more histories, more kills, more rows.
export default defineConfig({
  ...short,
  test: {
    ...short.test,
    include: ['packages/*/test/**/*.long.test.ts'],
    exclude: ['**/node_modules/**'],
    testTimeout: 3_600_000,
  },
})
