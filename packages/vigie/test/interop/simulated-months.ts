import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { simulate } from '../../../../examples/streamflow/simulate.ts'
import project from '../../../../examples/streamflow/vigie.config.ts'
import { openOfflineStore } from '../../src/adapters/duckdb/offline-store.ts'
import { checkCsv } from '../../src/adapters/local/check-csv.ts'
import { asOf } from '../../src/domain/as-of.ts'
import type { Frame } from '../../src/domain/frame.ts'
import { viewSources } from '../../src/loop/dataset.ts'
import type { OfflineStore } from '../../src/ports/offline-store.ts'
import type { TableFile } from '../../src/ports/snapshots.ts'

export type LabelledFrame = Frame & { readonly label: Float64Array }

const JANUARY = asOf('2024-01-31')

/** The example's simulated months, checked and imported as the program does it. Made before the tests of one file. */
export function simulatedMonths({ users }: { readonly users: number }) {
  let root: string
  let store: OfflineStore

  beforeAll(async () => {
    root = mkdtempSync(path.join(os.tmpdir(), 'vigie-interop-'))
    mkdirSync(path.join(root, 'staged'))
    await simulate({ dir: path.join(root, 'months'), users, seed: 7 })
    store = await openOfflineStore({ folder: path.join(root, 'tables') })
  })
  afterAll(async () => {
    await store?.close()
    rmSync(root, { recursive: true, force: true })
  })

  const delivered = (month: string, source: string) => path.join(root, 'months', month, `${source}.csv`)

  async function importSource(month: string, source: string): Promise<TableFile> {
    const contract = project.sources[source]!
    const stagedDir = path.join(root, 'staged')
    const { sha256, header, rows } = await checkCsv({ file: delivered(month, source), contract, stagedDir })
    return store.importCsv(path.join(stagedDir, `${sha256}.csv`), header, contract, rows)
  }

  return {
    /** Path of a file as it was delivered. */
    delivered,
    importSource,
    /** Path of an imported table. */
    stored: ({ sha256 }: TableFile): string => path.join(root, 'tables', `${sha256}.parquet`),
    /** What a model reads of one month, with labels. The month counts as January's, whichever it is. */
    async frame(month: string): Promise<LabelledFrame> {
      const tables: Record<string, TableFile> = {}
      for (const source of Object.keys(project.sources)) tables[source] = await importSource(month, source)
      const { label, ...frame } = await store.pointInTimeJoin({
        spine: {
          kind: 'table',
          table: tables[project.label.from]!,
          key: project.entity.key,
          at: JANUARY,
          label: { column: project.label.column, type: 'boolean' },
        },
        features: project.model.features,
        views: viewSources(project),
        snapshots: [
          {
            id: month,
            asOf: JANUARY,
            version: 1,
            knownAt: '2024-01-31T00:00:00.000000Z',
            assumed: false,
            ingestedAt: '2024-01-31T00:00:00.000000Z',
            approvals: null,
            contentHash: month,
            rows: users,
            tables,
          },
        ],
      })
      return { ...frame, label: label! }
    },
  }
}
