import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AsOf } from '../src/domain/as-of.ts'
import type { ColumnContract, SourceContract } from '../src/domain/contract.ts'
import type { FeatureColumn, FeatureType } from '../src/domain/feature-spec.ts'
import type { OfflineStore, ViewSource } from '../src/ports/offline-store.ts'
import type { Snapshot, TableFile } from '../src/ports/snapshots.ts'

/** A contract for a source whose entity is `user_id`. */
export function contractOf(name: string, columns: readonly ColumnContract[]): SourceContract {
  return {
    name,
    key: 'user_id',
    eventTime: null,
    createdTime: null,
    columns: [{ name: 'user_id', type: 'string', optional: false }, ...columns],
    unused: [],
    extra: 'keep',
    nulls: [''],
    booleans: { true: ['True'], false: ['False'] },
    listedIn: null,
  }
}

export function featureOf(view: string, feature: string, type: FeatureType, categories?: string[]): FeatureColumn {
  return { name: `${view}.${feature}`, view, feature, type, optional: true, ...(categories ? { categories } : {}) }
}

/** Writes rows of texts as a CSV, each field quoted when it must be. */
export async function writeCsv(
  folder: string,
  name: string,
  header: readonly string[],
  rows: readonly (readonly string[])[],
  newline = '\n',
): Promise<string> {
  const field = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const lines = [header, ...rows].map((row) => row.map(field).join(',') + newline)
  const file = join(folder, `${name}.csv`)
  await writeFile(file, lines.join(''))
  return file
}

/** Writes a CSV and imports it. */
export async function importRows(
  store: OfflineStore,
  folder: string,
  contract: SourceContract,
  rows: readonly (readonly string[])[],
): Promise<TableFile> {
  const header = contract.columns.map((column) => column.name)
  return store.importCsv(await writeCsv(folder, contract.name, header, rows), header, contract, rows.length)
}

/** A first version of a date, known when the date was over. */
export function snapshotOf(
  asOf: AsOf,
  tables: Readonly<Record<string, TableFile>>,
  more: Partial<Snapshot> = {},
): Snapshot {
  const knownAt = more.knownAt ?? `${asOf}T23:59:59.999999Z`
  const rows = Math.max(0, ...Object.values(tables).map((table) => table.rows))
  return {
    id: asOf,
    asOf,
    version: 1,
    knownAt,
    assumed: true,
    ingestedAt: knownAt,
    contentHash: '',
    rows,
    tables,
    approvals: null,
    ...more,
  }
}

/** A view of a source whose entity is `user_id`: one row an entity, kept for ever, expected at once. */
export function viewOf(view: string, from: string, more: Partial<ViewSource> = {}): ViewSource {
  return { view, from, key: 'user_id', eventTime: null, createdTime: null, ttlMs: null, arrivesMs: 0, ...more }
}
