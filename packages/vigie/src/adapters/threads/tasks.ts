import type { TaskTable } from './serve.ts'

/** All that the threads can do. A new task is its line here and its types in `ports/compute.ts`. */
export const tasks = {
  binFeatures: async () => (await import('./fit-pieces.ts')).binFeaturesTask,
  growTrees: async () => (await import('./fit-pieces.ts')).growTreesTask,
  assemble: async () => (await import('./fit-pieces.ts')).assembleTask,
  score: async () => (await import('./score-task.ts')).scoreTask,
} satisfies TaskTable
