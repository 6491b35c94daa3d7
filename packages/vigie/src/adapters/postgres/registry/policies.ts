import { canonicalJson } from '../../../domain/canonical-json.ts'
import type { FrozenPolicy } from '../../../ports/registry.ts'
import type { Queries } from '../database.ts'

export async function freezePolicy(queries: Queries, hash: string, policy: unknown): Promise<FrozenPolicy> {
  await queries.rows('insert into vigie.policy (hash, policy) values ($1, $2) on conflict do nothing', [
    hash,
    canonicalJson(policy),
  ])
  return (await findPolicy(queries, hash))!
}

export function findPolicy(queries: Queries, hash: string): Promise<FrozenPolicy | null> {
  return queries.row('select hash, policy, vigie.iso(frozen_at) as "frozenAt" from vigie.policy where hash = $1', [
    hash,
  ])
}
