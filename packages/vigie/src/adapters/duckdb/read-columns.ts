import path from 'node:path'
import type { FileColumn } from '../../domain/drift/file-column.ts'
import { FileRows } from '../../domain/drift/file-rows.ts'
import { readParquetRows } from './parquet-rows.ts'

/** Reads all columns of a Parquet file: see `FileRows` and `readParquetRows`. */
export async function readParquetColumns(file: string): Promise<readonly FileColumn[]> {
  const rows = new FileRows(path.basename(file))
  await readParquetRows(file, rows)
  return rows.end()
}
