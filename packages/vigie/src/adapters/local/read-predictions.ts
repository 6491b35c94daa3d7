import path from 'node:path'
import { CsvScanner } from '../../domain/csv/scanner.ts'
import { PredictionRows } from '../../domain/evaluation/prediction-rows.ts'
import type { Predictions } from '../../domain/evaluation/predictions.ts'
import type { Tasks } from '../../ports/compute.ts'
import { readDelivered } from './profile-delivered.ts'

/** Reads the named columns of a CSV file, gzipped or not, in one pass: see `PredictionRows`. In a worker thread. */
export async function readPredictions({ file, columns }: Tasks['readPredictions']['input']): Promise<Predictions> {
  const name = path.basename(file)
  const rows = new PredictionRows(name, columns)
  const scanner = new CsvScanner(name, rows)
  await readDelivered(file, (chunk) => {
    scanner.push(chunk)
    return true
  })
  scanner.end()
  return rows.end()
}
