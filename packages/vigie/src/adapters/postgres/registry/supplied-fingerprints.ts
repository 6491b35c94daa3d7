import { canonicalJson } from '../../../domain/canonical-json.ts'
import type { Registry } from '../../../ports/registry.ts'
import type { Queries } from '../database.ts'
import { lockModel } from './versions.ts'

export async function supplyFingerprints(
  tx: Queries,
  { model, version, fingerprints, rows, actor }: Parameters<Registry['supplyFingerprints']>[0],
): Promise<void> {
  await lockModel(tx, model)
  await tx.rows(
    'insert into vigie.supplied_fingerprints (model, version, fingerprints, rows, actor) values ($1, $2, $3, $4, $5)',
    [model, version, fingerprints, rows, actor],
  )
  await tx.rows('insert into vigie.audit (model, actor, action, subject) values ($1, $2, $3, $4)', [
    model,
    actor,
    'supply_fingerprints',
    canonicalJson({ version, fingerprints, rows }),
  ])
}

export async function suppliedFingerprints(queries: Queries, model: string, version: number): Promise<string | null> {
  const found = await queries.row<{ fingerprints: string }>(
    'select fingerprints from vigie.supplied_fingerprints where model = $1 and version = $2 order by seq desc limit 1',
    [model, version],
  )
  return found?.fingerprints ?? null
}
