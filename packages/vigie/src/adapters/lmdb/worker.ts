import { serveTasks, type TaskTable } from '../threads/serve.ts'
import { writeTask } from './write-task.ts'

export const tasks = { write: async () => writeTask } satisfies TaskTable

serveTasks(tasks)
