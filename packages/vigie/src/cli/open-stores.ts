import path from 'node:path'
import { localArtefacts } from '../adapters/local/artefacts.ts'
import { fingerprintKey } from '../adapters/local/fingerprint-key.ts'
import { removeLeftovers } from '../adapters/local/leftovers.ts'
import { localReports } from '../adapters/local/reports.ts'
import type { StateFolder } from '../adapters/local/state-folder.ts'
import { localVectorLog } from '../adapters/local/vector-log.ts'
import { graphRuntime } from '../adapters/onnx/graph-runtime.ts'
import { ifUnused, markUse } from '../adapters/postgres/embedded/lock.ts'
import { workerThreads } from '../adapters/threads/threads.ts'
import type { Ports } from '../ports/ports.ts'

/** Everything of the state folder that needs no database. */
export interface Stores {
  readonly ports: Omit<Ports, 'registry' | 'snapshots'>
  close(): Promise<void>
}

export async function openStores(folder: StateFolder): Promise<Stores> {
  const [{ openOfflineStore }, { openOnlineStore }] = await Promise.all([
    import('../adapters/duckdb/offline-store.ts'),
    import('../adapters/lmdb/online-store.ts'),
  ])
  const users = path.join(folder.root, 'users')
  await ifUnused(users, () => removeLeftovers(folder))
  const mark = markUse(users)
  const key = await fingerprintKey(folder.fingerprintKey)
  const compute = workerThreads()
  const served = localVectorLog({ folder: folder.served })
  const offline = await openOfflineStore({
    folder: folder.tables,
    profiles: folder.profiles,
    profileNumbers: (columns) => compute.run('profileNumbers', columns),
  })
  const online = openOnlineStore(path.join(folder.online, 'vectors.lmdb'))
  return {
    ports: {
      offline,
      online,
      served,
      compute,
      graphs: graphRuntime(),
      artefacts: localArtefacts(folder.models),
      reports: localReports(folder.reports),
      staging: folder.staging,
      fingerprintKey: key,
    },
    async close() {
      await Promise.all([compute.close(), online.close(), offline.close(), served.close()])
      mark.release()
    },
  }
}
