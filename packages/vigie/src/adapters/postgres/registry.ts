import type { Registry } from '../../ports/registry.ts'
import type { Database } from './database.ts'
import { listAudit } from './registry/audit.ts'
import { findChampion, findChampionAt } from './registry/champion.ts'
import { findDecision, listDecisions, recordDecision } from './registry/decisions.ts'
import { listLooks, recordLook } from './registry/looks.ts'
import { promote, rollBack } from './registry/move-champion.ts'
import { findPolicy, freezePolicy } from './registry/policies.ts'
import { suppliedFingerprints, supplyFingerprints } from './registry/supplied-fingerprints.ts'
import { createVersion, findVersion, listVersions } from './registry/versions.ts'
import { watchChampion } from './registry/watch-champion.ts'

/** Models and champions in the schema `vigie`. What changes anything is one transaction under the lock of its model. */
export function postgresRegistry(database: Database): Registry {
  return {
    freezePolicy: (hash, policy) => freezePolicy(database, hash, policy),
    policy: (hash) => findPolicy(database, hash),
    createVersion: (made, madeBy) => database.transaction((tx) => createVersion(tx, made, madeBy)),
    version: (model, version) => findVersion(database, model, version),
    versions: (model) => listVersions(database, model),
    champion: (model) => findChampion(database, model),
    championAt: (model, at) => findChampionAt(database, model, at),
    look: (look) => database.transaction((tx) => recordLook(tx, look)),
    looks: (look) => listLooks(database, look),
    supplyFingerprints: (supplied) => database.transaction((tx) => supplyFingerprints(tx, supplied)),
    suppliedFingerprints: (model, version) => suppliedFingerprints(database, model, version),
    recordDecision: (decision) => recordDecision(database, decision),
    decision: (id) => findDecision(database, id),
    decisions: (model) => listDecisions(database, model),
    promote: (change) => database.transaction((tx) => promote(tx, change)),
    rollback: (model, actor, reason, expectedEpoch) =>
      database.transaction((tx) => rollBack(tx, model, actor, reason, expectedEpoch)),
    audit: (model) => listAudit(database, model),
    watchChampion: (model, changed) => watchChampion(database.connection, model, changed),
  }
}
