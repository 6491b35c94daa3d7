import type { FeatureSpec } from '../../domain/feature-spec.ts'
import type { OnlineWrite, Written } from '../../ports/online-store.ts'
import { type PackedKeys, unpackKeys } from './packed-keys.ts'
import { openDatabase } from './vector-database.ts'
import { writeView } from './write-view.ts'

export interface WriteInput {
  readonly file: string
  readonly view: string
  readonly write: OnlineWrite
  readonly spec: FeatureSpec
  readonly keys: PackedKeys
  readonly columns: readonly Float64Array[]
  readonly eventTimes: Float64Array
  readonly knownTimes: Float64Array
}

/** Writes one view in one transaction. */
export async function writeTask(input: WriteInput): Promise<Written> {
  const { file, view, write, spec, keys, columns, eventTimes, knownTimes } = input
  const rows = { spec, keys: unpackKeys(keys), columns, eventTimes, knownTimes, label: null }
  const database = openDatabase(file)
  try {
    return database.transactionSync(() => writeView(database, view, rows, write))
  } finally {
    await database.close()
  }
}
