import { beforeAll, describe, expect, it } from 'vitest'
import { filesOf, tablesOf } from '../home-contents.ts'
import { loopForTests, MOMENTS, type Place, type Result } from './interrupted-loop.ts'

const loop = loopForTests()
let undisturbed: { readonly place: Place; readonly result: Result }

beforeAll(async () => {
  const place = await loop.place()
  undisturbed = { place, result: await place.result(await place.finish()) }
})

describe('the loop', () => {
  it('takes every delivery once: one version a training, one decision a comparison, one champion', () => {
    expect(undisturbed.result.rows).toMatchObject({
      snapshots: [{ version: 1 }, { version: 1 }, { version: 1 }],
      versions: [{ version: 1 }, { version: 2 }],
      stages: [
        { version: 1, stage: 'Archived' },
        { version: 2, stage: 'Production' },
      ],
      decisions: [
        { challenger: 1, champion: null, outcome: 'promote' },
        { challenger: 2, champion: 1, outcome: 'promote' },
      ],
      reigns: [
        { epoch: 1, version: 1 },
        { epoch: 2, version: 2 },
      ],
      audit: expect.objectContaining({ length: 2 }),
    })
  })

  it('changes nothing when it is started again', async () => {
    const { place, result } = undisturbed
    const before = { tables: await tablesOf(place.database), files: await filesOf(place.home) }
    const again = await place.result(await place.finish())
    expect(again).toEqual(result)
    const after = { tables: await tablesOf(place.database), files: await filesOf(place.home) }
    // each process that runs flows has a row, and the row says when it ended
    expect(after.tables['vigie.worker']).toHaveLength(before.tables['vigie.worker']!.length + 1)
    const { 'vigie.worker': _ran, ...kept } = before.tables
    expect(after).toMatchObject({ files: before.files, tables: kept })
  })
})

it('finishes what four kills, one after the other, left unfinished', { timeout: 60_000 }, async () => {
  const place = await loop.place()
  const kills = [
    'when the first snapshot is about to be committed',
    'when a model is fitted and not registered',
    'inside the transaction that promotes',
    'when a champion is promoted and the step is not recorded',
  ]
  for (const moment of MOMENTS.filter(({ name }) => kills.includes(name))) {
    await place.killAgainAt(moment)
  }
  expect(await place.result(await place.finish())).toEqual(undisturbed.result)
})
