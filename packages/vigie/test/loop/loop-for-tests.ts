import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeEach, expect } from 'vitest'
import { openOfflineStore } from '../../src/adapters/duckdb/offline-store.ts'
import { openOnlineStore } from '../../src/adapters/lmdb/online-store.ts'
import { localArtefacts } from '../../src/adapters/local/artefacts.ts'
import { fingerprintKey } from '../../src/adapters/local/fingerprint-key.ts'
import { localReports } from '../../src/adapters/local/reports.ts'
import { localVectorLog } from '../../src/adapters/local/vector-log.ts'
import { graphRuntime } from '../../src/adapters/onnx/graph-runtime.ts'
import { postgresRegistry } from '../../src/adapters/postgres/registry.ts'
import { postgresSnapshots } from '../../src/adapters/postgres/snapshots.ts'
import { workerThreads } from '../../src/adapters/threads/threads.ts'
import type { Project } from '../../src/define/project.ts'
import { asOf } from '../../src/domain/as-of.ts'
import { flowsOf } from '../../src/flows/catalogue.ts'
import { runDirect } from '../../src/flows/run-direct.ts'
import type { MonthOutcome } from '../../src/loop/outcome.ts'
import type { Ports } from '../../src/ports/ports.ts'
import { postgresForTests } from '../postgres.ts'

export interface LoopForTests {
  readonly ports: Ports
  /** A folder for deliveries. */
  readonly folder: string
  /** The closed loop over one delivery. Whatever comes out of it is checked to hold no NaN. */
  run(project: Project, dir: string, date: string, options?: { readonly correction: boolean }): Promise<MonthOutcome>
}

/** The whole loop over real stores, which are empty before each test; only the durable engine is left out. */
export function loopForTests(): LoopForTests {
  const postgres = postgresForTests()
  const compute = workerThreads({ threads: 2 })
  let root: string
  let ports: Ports

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'vigie-test-loop-'))
    for (const name of ['staging', 'models', 'reports', 'deliveries']) await mkdir(path.join(root, name))
    const database = await postgres.emptied()
    ports = {
      snapshots: postgresSnapshots(database),
      registry: postgresRegistry(database),
      offline: await openOfflineStore({ folder: path.join(root, 'tables') }),
      online: openOnlineStore(path.join(root, 'online.lmdb')),
      artefacts: localArtefacts(path.join(root, 'models')),
      reports: localReports(path.join(root, 'reports')),
      served: localVectorLog({ folder: path.join(root, 'served') }),
      staging: path.join(root, 'staging'),
      fingerprintKey: await fingerprintKey(path.join(root, 'fingerprint.key')),
      compute,
      graphs: graphRuntime(),
    }
  })
  afterEach(async () => {
    await ports.offline.close()
    await ports.online.close()
    await ports.served.close()
    await rm(root, { recursive: true })
  })
  afterAll(() => compute.close())

  return {
    get ports() {
      return ports
    },
    get folder() {
      return path.join(root, 'deliveries')
    },
    async run(project, dir, date, { correction } = { correction: false }) {
      const { closedLoop } = flowsOf(ports, project, () => undefined)
      const outcome = await runDirect(closedLoop, { dir, asOf: asOf(date), correction })
      expect(notFinite(outcome)).toEqual([])
      return outcome
    },
  }
}

function notFinite(value: unknown, at = ''): readonly string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [at]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, part]) => notFinite(part, `${at}.${name}`))
}
