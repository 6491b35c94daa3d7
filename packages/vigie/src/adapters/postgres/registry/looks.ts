import { VigieError } from '../../../errors.ts'
import type { Registry } from '../../../ports/registry.ts'
import type { Queries } from '../database.ts'
import { lockModel } from './versions.ts'

type Look = Parameters<Registry['look']>[0]

/**
 * One row for each new comparison on held-out labels. `number` is fixed when the row is made: the count since the gate
 * last promoted the champion of this epoch, whoever was champion in between.
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
  const inserted = await tx.row<{ number: number }>(
    `insert into vigie.look (model, epoch, challenger, rows_hash, metric, number)
    select $1, $2, $3, $4, $5,
      (select count(*) + 1 from vigie.look where model = $1 and epoch between $6 and $2)
    returning number`,
    [...key, await countedFrom(tx, look)],
  )
  return inserted!.number
}

async function countedFrom(tx: Queries, { model, epoch }: Look): Promise<number> {
  if (epoch === 0) return 0
  const reign = await tx.row<{ looksFrom: number }>(
    'select looks_from as "looksFrom" from vigie.reign where model = $1 and epoch = $2',
    [model, epoch],
  )
  if (reign) return reign.looksFrom
  throw new VigieError('champion_changed', `${model} never had a champion of epoch ${epoch}`, {
    rule: 'a look is counted in the reign of the champion that was compared',
    value: String(epoch),
  })
}
