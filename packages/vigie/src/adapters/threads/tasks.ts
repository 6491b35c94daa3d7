import type { Tasks } from '../../ports/compute.ts'
import type { TaskContext, TaskTable } from './serve.ts'

/** The tasks of the port that one thread does as they are; the plans of the others are in `threads.ts`. */
type OfOneThread = Omit<Tasks, 'fit' | 'score'>

/** All that the threads can do. A new task is its line here and its types in `ports/compute.ts`. */
export const tasks = {
  checkCsv: async () => (await import('../local/check-csv.ts')).checkCsv,
  readManifest: async () => (await import('../local/delivery/read-manifest.ts')).readManifest,
  linesOf: async () => (await import('../local/lines-of.ts')).linesOf,
  quarantine: async () => (await import('../local/quarantine.ts')).quarantine,
  sketchColumns: async () => (await import('../local/sketch-columns.ts')).sketchColumns,
  profileNumbers: async () => (await import('../../domain/profile/number-column.ts')).profileNumberColumns,
  profileFile: async () => (await import('../local/profile-delivered.ts')).profileFile,
  binColumns: async () => (await import('./bin-columns.ts')).binColumnsTask,
  trainingSet: async () => (await import('./fit-pieces.ts')).trainingSetTask,
  growTrees: async () => (await import('./fit-pieces.ts')).growTreesTask,
  boostTrees: async () => (await import('./fit-pieces.ts')).boostTreesTask,
  helpBoosting: async () => (await import('./fit-pieces.ts')).helpBoostingTask,
  fitLinear: async () => (await import('./fit-tasks.ts')).fitLinearTask,
  takeFold: async () => (await import('./fit-tasks.ts')).takeFoldTask,
  judgeFold: async () => (await import('./fit-tasks.ts')).judgeFoldTask,
  settle: async () => (await import('./fit-tasks.ts')).settleTask,
  assemble: async () => (await import('./fit-tasks.ts')).assembleTask,
  score: async () => (await import('./score-task.ts')).scoreTask,
  explain: async () => (await import('./explain-task.ts')).explainTask,
  shuffle: async () => (await import('./explain-task.ts')).shuffleTask,
  fingerprints: async () => (await import('./fingerprints-task.ts')).fingerprintsTask,
  trainingKeys: async () => (await import('../local/read-training-keys.ts')).readTrainingKeys,
  seenRows: async () => (await import('./seen-rows-task.ts')).seenRowsTask,
  latency: async () => (await import('./latency-task.ts')).latencyTask,
  drift: async () => (await import('../../domain/drift/report.ts')).driftReport,
  readColumns: async () => (await import('../local/read-columns.ts')).readColumns,
  fileColumnDrift: async () => (await import('../../domain/drift/file-column-drift.ts')).fileColumnDrift,
  readPredictions: async () => (await import('../local/read-predictions.ts')).readPredictions,
  metricIntervals: async () => (await import('./evaluate-task.ts')).metricIntervalsTask,
  pairedIntervals: async () => (await import('./evaluate-task.ts')).pairedIntervalsTask,
  evaluationCurves: async () => (await import('./evaluate-task.ts')).evaluationCurvesTask,
  interval: async () => (await import('./interval-task.ts')).intervalTask,
  compareDetails: async () => (await import('../../domain/comparison-details.ts')).comparisonDetails,
  compare: async () => (await import('../../domain/comparison.ts')).compareModels,
} satisfies TaskTable & {
  readonly [N in keyof OfOneThread]: () => Promise<
    (input: Tasks[N]['input'], context: TaskContext) => Tasks[N]['output'] | Promise<Tasks[N]['output']>
  >
}
