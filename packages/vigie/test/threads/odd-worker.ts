import { serveTasks } from '../../src/adapters/threads/serve.ts'
import { oddTasks } from './odd-tasks.ts'

serveTasks(oddTasks)
