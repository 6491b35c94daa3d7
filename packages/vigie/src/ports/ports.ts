import type { ArtefactStore } from './artefact-store.ts'
import type { Compute } from './compute.ts'
import type { GraphRuntime } from './graph-runtime.ts'
import type { OfflineStore } from './offline-store.ts'
import type { OnlineStore } from './online-store.ts'
import type { Registry } from './registry.ts'
import type { Reports } from './reports.ts'
import type { ServedVectors } from './served-vectors.ts'
import type { Snapshots } from './snapshots.ts'

/** Everything that the loop needs from outside. Made once, at the composition root, and handed down. */
export interface Ports {
  readonly snapshots: Snapshots
  readonly offline: OfflineStore
  readonly online: OnlineStore
  readonly registry: Registry
  readonly artefacts: ArtefactStore
  readonly reports: Reports
  readonly served: ServedVectors
  readonly compute: Compute
  readonly graphs: GraphRuntime
  /** Folder for files on their way in. On the same file system as the stores. */
  readonly staging: string
  /** Secret under which training rows are fingerprinted, and its id. */
  readonly fingerprintKey: { readonly id: string; readonly secret: Uint8Array }
}
