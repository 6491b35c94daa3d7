import { canonicalJson } from '../../../domain/canonical-json.ts'
import type { DecisionRecord } from '../../../ports/registry.ts'
import type { Queries } from '../database.ts'

const COLUMNS = `id, model, vigie.iso(as_of) as "asOf", challenger, champion,
  champion_epoch as "championEpoch", outcome, evidence, policy, reasons, vigie.iso(at) as at`

/** Evidence, policy and reasons are kept as canonical JSON, so a replay can be compared byte for byte. */
export async function recordDecision(queries: Queries, made: Omit<DecisionRecord, 'at'>): Promise<DecisionRecord> {
  await queries.rows(
    `insert into vigie.decision (id, model, as_of, challenger, champion, champion_epoch, outcome, evidence, policy,
      reasons)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (id) do nothing`,
    [
      made.id,
      made.model,
      made.asOf,
      made.challenger,
      made.champion,
      made.championEpoch,
      made.outcome,
      canonicalJson(made.evidence),
      canonicalJson(made.policy),
      canonicalJson(made.reasons),
    ],
  )
  return (await findDecision(queries, made.id))!
}

export function findDecision(queries: Queries, id: string): Promise<DecisionRecord | null> {
  return queries.row(`select ${COLUMNS} from vigie.decision where id = $1`, [id])
}

/** Oldest first. */
export function listDecisions(queries: Queries, model: string): Promise<DecisionRecord[]> {
  return queries.rows(`select ${COLUMNS} from vigie.decision d where model = $1 order by d.at, id`, [model])
}
