import path from 'node:path'
import { PredictionRows } from '../../domain/evaluation/prediction-rows.ts'
import type { PredictionColumns, Predictions } from '../../domain/evaluation/predictions.ts'
import { readParquetRows } from './parquet-rows.ts'

/** Reads the named columns of a Parquet file: see `PredictionRows` and `readParquetRows`. */
export async function readParquetPredictions(file: string, columns: PredictionColumns): Promise<Predictions> {
  const rows = new PredictionRows(path.basename(file), columns)
  const wanted = new Set(chosen(columns))
  await readParquetRows(file, rows, (name) => wanted.has(name))
  return rows.end()
}

function chosen({ label, score, against, weight, entity, slices }: PredictionColumns): readonly string[] {
  return [
    label,
    ...score,
    ...against,
    ...slices,
    ...(weight === null ? [] : [weight]),
    ...(entity === null ? [] : [entity]),
  ]
}
