import path from 'node:path'
import { CsvScanner, type RowSink } from '../../domain/csv/scanner.ts'
import type { FileColumn } from '../../domain/drift/file-column.ts'
import { FileRows } from '../../domain/drift/file-rows.ts'
import type { Tasks } from '../../ports/compute.ts'
import { readDelivered } from './profile-delivered.ts'

/** Reads all columns of a CSV file, gzipped or not, in one pass: see `FileRows`. In a worker thread. */
export async function readColumns({ file }: Tasks['readColumns']['input']): Promise<readonly FileColumn[]> {
  const rows = new FileRows(path.basename(file))
  await scanFile(file, rows)
  return rows.end()
}

/** Hands the rows of a CSV file, gzipped or not, to `rows`. */
export async function scanFile(file: string, rows: RowSink): Promise<void> {
  const scanner = new CsvScanner(path.basename(file), rows)
  await readDelivered(file, (chunk) => {
    scanner.push(chunk)
    return true
  })
  scanner.end()
}
