import path from 'node:path'
import { PredictionRows } from '../../domain/evaluation/prediction-rows.ts'
import type { Predictions } from '../../domain/evaluation/predictions.ts'
import type { Tasks } from '../../ports/compute.ts'
import { scanFile } from './read-columns.ts'

/** Reads the named columns of a CSV file, gzipped or not, in one pass: see `PredictionRows`. In a worker thread. */
export async function readPredictions({ file, columns }: Tasks['readPredictions']['input']): Promise<Predictions> {
  const rows = new PredictionRows(path.basename(file), columns)
  await scanFile(file, rows)
  return rows.end()
}
