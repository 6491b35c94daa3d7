import type { Champion } from '../../../ports/registry.ts'
import type { Queries } from '../database.ts'

/** A reign as the moves of the champion need it. */
export interface Reign extends Champion {
  readonly fallback: number | null
  readonly looksFrom: number
}

const REIGN = `select r.model, r.version, v.artefact, r.epoch, vigie.iso(r.since) as since,
    r.fallback, r.looks_from as "looksFrom"
  from vigie.reign r join vigie.model_version v on (v.model, v.version) = (r.model, r.version)`

export function currentReign(queries: Queries, model: string): Promise<Reign | null> {
  return queries.row<Reign>(`${REIGN} where r.model = $1 order by r.epoch desc limit 1`, [model])
}

export function reignOfEpoch(queries: Queries, model: string, epoch: number): Promise<Reign | null> {
  return queries.row<Reign>(`${REIGN} where r.model = $1 and r.epoch = $2`, [model, epoch])
}

export function reignOfDecision(queries: Queries, decision: string): Promise<Reign | null> {
  return queries.row<Reign>(`${REIGN} where r.decision = $1`, [decision])
}

export async function findChampion(queries: Queries, model: string): Promise<Champion | null> {
  const reign = await currentReign(queries, model)
  return reign && asChampion(reign)
}

export async function findChampionAt(queries: Queries, model: string, at: string): Promise<Champion | null> {
  const reign = await queries.row<Reign>(
    `${REIGN} where r.model = $1 and r.since <= $2::timestamptz order by r.epoch desc limit 1`,
    [model, at],
  )
  return reign && asChampion(reign)
}

export function asChampion({ model, version, artefact, epoch, since }: Champion): Champion {
  return { model, version, artefact, epoch, since }
}
