import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Project } from '../../src/define/project.ts'
import { asOf } from '../../src/domain/as-of.ts'
import { predictions } from '../../src/http/predict.ts'
import { openServingModel } from '../../src/http/serving-model.ts'
import { bucket, difference, isEqual, isNull, log1p, multiply, previous, ratio } from '../../src/index.ts'
import { labelledRows, split } from '../../src/loop/dataset.ts'
import { offlineFeatures, onlineFeatures } from '../../src/loop/entity-features.ts'
import { modelVersion, scores } from '../../src/loop/holdout-scores.ts'
import { nowMicros } from '../../src/loop/online-request.ts'
import { rebuildTrainingSet } from '../../src/loop/training-set.ts'
import { loopForTests } from './loop-for-tests.ts'
import { type Oddity, oddMonth } from './odd-months.ts'
import { oddProject } from './odd-project.ts'

const loop = loopForTests()
const [JANUARY, FEBRUARY] = ['2024-01-31', '2024-02-29'] as const
const silent = { info: () => undefined, error: () => undefined }

const derived = {
  per_k: ratio('plan.x', 'plan.k'), // k is 0 for some
  note_log: log1p('plan.note'), // note is null for some
  is_q: isEqual('plan.kind', 'q'),
  no_flag: isNull('use.flag'), // the only thing that is read of its view
  step: bucket('plan.k', [5, 10, 15]),
  change: difference('plan.x'),
  growth: ratio('plan.x', previous('plan.x')),
}
const project = oddProject({ features: ['plan.x', 'derived.*'], derived })

const month = (name: string, odd?: Oddity) => oddMonth(loop.folder, name, odd)

type Rows = ReadonlyMap<string, Readonly<Record<string, string>>>

async function read(folder: string, file: string): Promise<Rows> {
  const [header = '', ...lines] = (await readFile(path.join(folder, `${file}.csv`), 'utf8')).trim().split('\n')
  const names = header.split(',')
  const rows = lines.map((line) => Object.fromEntries(line.split(',').map((text, i) => [names[i]!, text])))
  return new Map(rows.map((row) => [row.id!, row]))
}

/** The same features by hand, from the files as they were delivered. */
async function expected(now: string, before: string | null) {
  const [plans, uses] = [await read(now, 'plans'), await read(now, 'uses')]
  const last: Rows = before === null ? new Map() : await read(before, 'plans')
  return (id: string): Record<string, number | null> => {
    const { x = '', k = '', note = '', kind } = plans.get(id)!
    const was = last.get(id)?.x
    return {
      x: Number(x),
      per_k: Number(k) === 0 ? null : Number(x) / Number(k),
      note_log: note === '' ? null : Math.log1p(Number(note)),
      is_q: kind === 'q' ? 1 : 0,
      no_flag: uses.get(id)!.flag === '' ? 1 : 0,
      step: [5, 10, 15].filter((edge) => edge <= Number(k)).length,
      change: was === undefined ? null : Number(x) - Number(was),
      growth: was === undefined ? null : Number(x) / Number(was),
    }
  }
}

/** What a server of this definition answers. */
async function server(definition: Project) {
  const { registry, artefacts, online } = loop.ports
  const serving = await openServingModel({ registry, artefacts, project: definition, logger: silent as never })
  await serving.close()
  return { ...predictions(definition, online, serving), version: serving.current()?.champion.version ?? null }
}

describe('a project with derived features', () => {
  it('trains, promotes and serves them: requests see what training rows hold, bit for bit', async () => {
    const [january, february] = [await month('a'), await month('b', { seed: 2, law: 'y' })]
    const first = await loop.run(project, january, JANUARY)
    expect(first.decision?.outcome).toBe('promote')
    const outcome = await loop.run(project, february, FEBRUARY)
    expect(outcome.drift?.features.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['plan.x', 'derived.per_k', 'derived.step', 'derived.no_flag']),
    )
    expect(outcome.drift?.notTestable.map(({ name }) => name)).toEqual(['derived.change', 'derived.growth'])

    const { rows } = await labelledRows(loop.ports, project, asOf(FEBRUARY))
    const [byHand, { predict, features }] = [await expected(february, january), await server(project)]
    let nulls = 0
    for (const [i, id] of rows.keys.entries()) {
      const wanted = byHand(id)
      const row = Object.fromEntries(rows.spec.map(({ feature }, c) => [feature, rows.columns[c]![i]!]))
      for (const [feature, value] of Object.entries(wanted)) expect(row[feature]).toBe(value ?? Number.NaN)
      nulls += Object.values(wanted).filter((value) => value === null).length
      expect((await predict(id)).features_used).toEqual(wanted)
      expect(features(id).features).toEqual(wanted)
    }
    expect(nulls).toBeGreaterThan(100)
  })

  it('a correction of the month before changes the difference from now on, and no row of the past', async () => {
    const [january, february] = [await month('a'), await month('b', { seed: 2 })]
    await loop.run(project, january, JANUARY)
    await loop.run(project, february, FEBRUARY)
    const before = await labelledRows(loop.ports, project, asOf(FEBRUARY))
    const corrected = await month('a2', { shift: 1 })
    await loop.run(project, corrected, JANUARY, { correction: true })

    const after = await labelledRows(loop.ports, project, asOf(FEBRUARY))
    expect(after.rows.columns).toEqual(before.rows.columns)
    const byHand = await expected(february, corrected)
    const spec = project.model.features
    const online = onlineFeatures(project, spec)
    for (const key of after.rows.keys.slice(0, 25)) {
      const now = nowMicros()
      const wanted = Object.values(byHand(key)).map((value) => value ?? Number.NaN)
      const found = online(loop.ports.online, key, now)
      expect([...found.values]).toEqual(wanted)
      expect(await offlineFeatures(loop.ports, project, { key, at: now, spec })).toEqual(found)
    }
  })
})

it('a feature that is computed in another way: the champion goes on with its own', async () => {
  const one = oddProject({ features: ['plan.x', 'derived.*'], derived: { d: ratio('plan.x', 'plan.k') } })
  const other = oddProject({ features: ['plan.x', 'derived.*'], derived: { d: multiply('plan.x', 'plan.k') } })
  const january = await month('a')
  await loop.run(one, january, JANUARY)
  const plans = await read(january, 'plans')
  const [id, row] = [...plans].find(([, { k }]) => Number(k) > 1)!
  const [asBefore, asNow] = [await server(one), await server(other)]
  expect(asNow.version).toBe(1)
  expect((await asNow.predict(id)).features_used).toEqual({ x: Number(row.x), d: Number(row.x) / Number(row.k) })
  const { probability } = (await asBefore.predict(id)) as { readonly probability?: number }
  expect(await asNow.predict(id)).toMatchObject({ probability })
  expect(asNow.features(id).features).toEqual({ x: Number(row.x), d: Number(row.x) * Number(row.k) })

  const model = await modelVersion(loop.ports, one, 1)
  const scored = async (definition: Project) => {
    const { heldOut } = split(await labelledRows(loop.ports, definition, asOf(JANUARY)), definition.model.holdout)
    return scores(loop.ports, definition, model, heldOut)
  }
  expect(await scored(other)).toEqual(await scored(one))

  expect(await rebuildTrainingSet(loop.ports, other, 1)).toMatchObject({ version: 1, definition: 'changed' })

  const outcome = await loop.run(other, await month('b', { seed: 2, law: 'y' }), FEBRUARY)
  expect(outcome.comparison).toMatchObject({ candidate: { version: 2 }, champion: { version: 1 } })
})

it('a value before that nothing derives any more leaves a champion that cannot answer', async () => {
  const lagged = oddProject({ features: ['plan.x', 'derived.*'], derived: { change: difference('plan.x') } })
  await loop.run(lagged, await month('a'), JANUARY)
  const plain = oddProject({ features: ['plan.x'] })
  expect((await server(plain)).version).toBeNull()
  const outcome = await loop.run(plain, await month('b', { seed: 2 }), FEBRUARY)
  expect(outcome.retrain.text).toBe('version 1 reads plan.x@previous, which the definition no longer has')
})
