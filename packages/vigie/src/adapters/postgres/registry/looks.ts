import { yearOfReign } from '../../../domain/significance/alpha-spending.ts'
import { VigieError } from '../../../errors.ts'
import type { LedgerLook, Registry } from '../../../ports/registry.ts'
import type { Queries } from '../database.ts'
import { lockModel } from './versions.ts'

type Look = Parameters<Registry['look']>[0]
type Window = Parameters<Registry['looks']>[0]

/**
 * One row for each new comparison on held-out labels. `number` is fixed when the row is made: the count since the gate
 * last promoted the champion of this epoch, whoever was champion in between, within the year of the reign in which the
 * compared labels were decided.
 */
export async function recordLook(tx: Queries, look: Look): Promise<number> {
  await lockModel(tx, look.model)
  const key = [look.model, look.epoch, look.challenger, look.rowsHash, look.metric]
  const there = await tx.row<{ number: number }>(
    `select number from vigie.look
    where model = $1 and epoch = $2 and challenger = $3 and rows_hash = $4 and metric = $5`,
    key,
  )
  if (there) return there.number
  const number = (await listLooks(tx, look)).length + 1
  await tx.rows(
    `insert into vigie.look (model, epoch, challenger, rows_hash, metric, number, window_start)
    values ($1, $2, $3, $4, $5, $6, $7)`,
    [...key, number, look.windowStart ?? null],
  )
  return number
}

/** The looks of the same count, oldest first. */
export async function listLooks(queries: Queries, window: Window): Promise<LedgerLook[]> {
  const { from, since } = await countedFrom(queries, window)
  const rows = await queries.rows<LedgerLook & { readonly windowStart: string | null }>(
    `select number, challenger, rows_hash as "rowsHash", metric, vigie.iso(at) as at,
      vigie.iso(window_start) as "windowStart"
    from vigie.look where model = $1 and epoch between $2 and $3 order by at`,
    [window.model, from, window.epoch],
  )
  const yearOf = (start: string | null | undefined) =>
    start === null || start === undefined || since === null ? 0 : yearOfReign(days(start), days(since))
  return rows
    .filter(({ windowStart }) => yearOf(windowStart) === yearOf(window.windowStart))
    .map(({ windowStart: _, ...look }) => look)
}

/** Since 1970. */
function days(moment: string): number {
  return Date.parse(moment) / 86_400_000
}

/** The epoch from which looks count against a champion, and when its reign began. */
async function countedFrom(
  queries: Queries,
  { model, epoch }: Window,
): Promise<{ readonly from: number; readonly since: string | null }> {
  if (epoch === 0) return { from: 0, since: null }
  const reign = await queries.row<{ from: number; since: string }>(
    `select r.looks_from as from, vigie.iso(b.since) as since
    from vigie.reign r join vigie.reign b on (b.model, b.epoch) = (r.model, r.looks_from)
    where r.model = $1 and r.epoch = $2`,
    [model, epoch],
  )
  if (reign) return reign
  throw new VigieError('champion_changed', `${model} never had a champion of epoch ${epoch}`, {
    rule: 'a look is counted in the reign of the champion that was compared',
    value: String(epoch),
  })
}
