export { keepRunning } from './keep-running.ts'
export { type PostgresOptions, type RunningPostgres, startPostgres } from './start.ts'
export { stopIfUnused, stopPostgres } from './stop.ts'
