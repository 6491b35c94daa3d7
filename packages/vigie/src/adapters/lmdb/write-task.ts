import type { OnlineWrite, Written } from '../../ports/online-store.ts'
import { openDatabase } from './vector-database.ts'
import { type PackedRows, writeView } from './write-view.ts'

export interface WriteInput extends PackedRows {
  readonly file: string
  readonly view: string
  readonly write: OnlineWrite
}

/** Writes one view in one transaction. */
export async function writeTask({ file, view, write, ...rows }: WriteInput): Promise<Written> {
  const database = openDatabase(file)
  try {
    return database.transactionSync(() => writeView(database, view, rows, write))
  } finally {
    await database.close()
  }
}
