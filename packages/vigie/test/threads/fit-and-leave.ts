import { workerThreads } from '../../src/adapters/threads/threads.ts'
import { fitInput } from './synthetic-rows.ts'

const { bytes } = await workerThreads({ threads: 2 }).run('fit', fitInput())
process.exitCode = bytes.length > 0 ? 0 : 1
