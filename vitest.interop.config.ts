import { defineConfig } from 'vitest/config'
import short from './vitest.config.ts'

// The real program against its real peers: scikit-learn, scipy, schemathesis, Prometheus' parser, Arrow.
export default defineConfig({
  ...short,
  test: {
    ...short.test,
    include: ['packages/*/test/interop/*.interop.test.ts'],
    exclude: ['**/node_modules/**'],
    globalSetup: ['packages/vigie/test/interop/environment.ts'],
    // one after the other: a server that lacks processor time sheds requests, which would count as faults
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
