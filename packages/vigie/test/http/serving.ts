import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { openOfflineStore } from '../../src/adapters/duckdb/offline-store.ts'
import { openOnlineStore } from '../../src/adapters/lmdb/online-store.ts'
import { localArtefacts } from '../../src/adapters/local/artefacts.ts'
import { localReports } from '../../src/adapters/local/reports.ts'
import { postgresRegistry } from '../../src/adapters/postgres/registry.ts'
import { postgresSnapshots } from '../../src/adapters/postgres/snapshots.ts'
import { workerThreads } from '../../src/adapters/threads/threads.ts'
import type { Project } from '../../src/define/project.ts'
import { type AsOf, asOf, endOfDayMs } from '../../src/domain/as-of.ts'
import { type FeatureSpec, featureSpecHash } from '../../src/domain/feature-spec.ts'
import { encodeArtefact } from '../../src/domain/model/artefact.ts'
import { TRUE_OR_FALSE } from '../../src/domain/model/target.ts'
import { forestOver, LEAF, NODE_BYTES } from '../../src/domain/trees/packed.ts'
import type { ServerPorts } from '../../src/http/server.ts'
import type { FeatureValue } from '../../src/loop/predict.ts'
import type { Champion } from '../../src/ports/registry.ts'
import { postgresForTests } from '../postgres.ts'

/** The stores that a server works with, real ones, in a temporary folder for one test file. */
export function storesForTests(definition: Project) {
  const postgres = postgresForTests()
  let folder: string
  let ports: ServerPorts

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'vigie-test-serving-'))
    for (const name of ['models', 'reports', 'staging']) mkdirSync(path.join(folder, name))
    ports = {
      snapshots: postgresSnapshots(postgres.database),
      offline: await openOfflineStore({ folder: path.join(folder, 'tables') }),
      compute: workerThreads({ threads: 1 }),
      staging: path.join(folder, 'staging'),
      registry: postgresRegistry(postgres.database),
      artefacts: localArtefacts(path.join(folder, 'models')),
      reports: localReports(path.join(folder, 'reports')),
      online: openOnlineStore(path.join(folder, 'online')),
    }
  })
  afterAll(async () => {
    await Promise.all([ports.online.close(), ports.offline.close(), ports.compute.close()])
    rmSync(folder, { recursive: true })
  })

  return {
    get ports() {
      return ports
    },
    get folder() {
      return folder
    },
    postgres,
    /** Stores the values of some entities in every view. What a row leaves out is null. */
    async know(rows: Readonly<Record<string, Readonly<Record<string, FeatureValue>>>>, date = asOf('2024-01-31')) {
      for (const view of Object.keys(definition.featureViews))
        await knowView(ports, definition.model.features, view, rows, date)
    },
    /** Registers an artefact and makes it champion, as if the loop had decided so. */
    enthrone: (artefact: Uint8Array) => enthrone(ports, definition, artefact),
  }
}

let made = 0

export async function knowView(
  { online }: Pick<ServerPorts, 'online'>,
  features: FeatureSpec,
  view: string,
  rows: Readonly<Record<string, Readonly<Record<string, FeatureValue>>>>,
  date: AsOf,
): Promise<void> {
  const spec = features.filter((column) => column.view === view)
  const keys = Object.keys(rows).sort()
  const columns = spec.map(({ feature, categories }) =>
    Float64Array.from(keys, (key) => {
      const value = rows[key]![feature] ?? null
      if (value === null) return Number.NaN
      return typeof value === 'string' ? categories!.indexOf(value) : Number(value)
    }),
  )
  const eventTimes = new Float64Array(keys.length).fill(endOfDayMs(date) * 1000 - 1)
  const known = { spec, keys, columns, label: null, eventTimes, knownTimes: eventTimes }
  await online.materialize(view, known, { mode: 'merge', versions: [`${date} ${made++}`] })
}

async function enthrone(ports: ServerPorts, definition: Project, bytes: Uint8Array): Promise<Champion> {
  const { registry, artefacts } = ports
  const model = definition.model.name
  const version = await registry.createVersion(
    {
      model,
      artefact: await artefacts.put(bytes),
      artefactBytes: bytes.length,
      trainedAsOf: asOf('2024-01-31'),
      snapshots: [],
      trainingSet: null,
      trainingRowsHash: definition.hash,
      trainingRows: 1,
      trainingBaseRate: 0.5,
      featureSpecHash: featureSpecHash(definition.model.features),
      definitionHash: definition.hash,
      fingerprints: null,
      trainer: { ...definition.model.trainer },
      policyHash: definition.hash,
    },
    `test:${made++}`,
  )
  const current = await registry.champion(model)
  const change = { model, version: version.version, expectedEpoch: current?.epoch ?? 0, decision: null, actor: 'test' }
  return registry.promote(change)
}

/** A forest of one leaf: it answers `probability` for every row. */
export function constantModel(definition: Project, probability: number, features = definition.model.features) {
  const forest = forestOver(new Int32Array(1), new ArrayBuffer(NODE_BYTES), 0, 1)
  forest.values[0] = probability
  forest.words[2] = LEAF
  const about = {
    trainer: { ...definition.model.trainer, trees: 1 },
    features,
    featureSpecHash: featureSpecHash(features),
    target: TRUE_OR_FALSE,
    threshold: 0.5,
    trainingRowsHash: definition.hash,
    definitionHash: definition.hash,
  } as const
  return encodeArtefact(about, { kind: 'forest', forest })
}

/** Values of a customer who can be scored. */
export const KNOWN = {
  months_active: 1,
  monthly_fee: 29.85,
  paperless_billing: true,
  plan_stream_tv: null,
  plan_stream_movies: false,
  net_service: 'DSL',
  watch_hours_30d: 24.217794500000004,
  avg_session_mins_7d: 0.1 + 0.2,
  unique_devices_30d: 3,
  skips_7d: 4,
  rebuffer_events_7d: 1,
  failed_payments_90d: 0,
  support_tickets_90d: 9007199254740991,
  ticket_avg_resolution_hrs_90d: 5e-324,
} as const

export const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }
