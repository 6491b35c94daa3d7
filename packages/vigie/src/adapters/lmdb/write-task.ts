import type { FeatureSpec } from '../../domain/feature-spec.ts'
import { type PackedKeys, unpackKeys } from './packed-keys.ts'
import type { Age } from './vector.ts'
import { openDatabase } from './vector-database.ts'
import { writeView } from './write-view.ts'

export interface WriteInput {
  readonly file: string
  readonly view: string
  readonly age: Age
  readonly spec: FeatureSpec
  readonly keys: PackedKeys
  readonly columns: readonly Float64Array[]
}

/** Writes one view of one snapshot in one transaction. Returns how many entities changed. */
export async function writeTask({ file, view, age, spec, keys, columns }: WriteInput): Promise<number> {
  const rows = { spec, keys: unpackKeys(keys), columns, label: null }
  const database = openDatabase(file)
  try {
    return database.transactionSync(() => writeView(database, view, rows, age))
  } finally {
    await database.close()
  }
}
