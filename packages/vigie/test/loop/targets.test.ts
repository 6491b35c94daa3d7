import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { expectTypeOf } from 'expect-type'
import { expect, it, onTestFinished, vi } from 'vitest'
import { asOf } from '../../src/domain/as-of.ts'
import { frameCsv } from '../../src/domain/frame-csv.ts'
import { seededRandom } from '../../src/domain/random.ts'
import type { Trainer } from '../../src/domain/trainer.ts'
import { createClient } from '../../src/http/client.ts'
import { schemas } from '../../src/http/schemas.ts'
import { startServer } from '../../src/http/server.ts'
import {
  csv,
  defineProject,
  entity,
  evidentlyRules,
  f,
  featureView,
  gradientBoosting,
  label,
  linearRegression,
  logisticRegression,
  type Project,
  performance,
  randomForest,
  stableHoldout,
} from '../../src/index.ts'
import { compareVersions } from '../../src/loop/compare-versions.ts'
import { answerNow } from '../../src/loop/counterfactual.ts'
import { modelCard } from '../../src/loop/model-card.ts'
import { rebuildTrainingSet } from '../../src/loop/training-set.ts'
import { versionReader } from '../../src/loop/version-reader.ts'
import { writeCsv } from '../delivery.ts'
import { silent } from '../http/serving.ts'
import { loopForTests } from './loop-for-tests.ts'

const loop = loopForTests()
const [JANUARY, FEBRUARY] = ['2024-01-31', '2024-02-29'] as const

const customer = entity({ key: 'id', type: f.string() })
const common = {
  csv: csv({ nulls: [''] }),
  snapshots: { every: 'month', first: JANUARY },
  featureViews: {
    use: featureView({
      entity: customer,
      from: 'uses',
      features: { x: f.float(), y: f.optional(f.float()), net: f.category('a', 'b', 'c') },
    }),
  },
} as const
const model = { features: ['use.*'], holdout: stableHoldout({ fraction: 0.4 }) } as const
const monitor = { against: 'previous-snapshot', drift: evidentlyRules() } as const

const planProject = (trainer: Trainer = randomForest({ trees: 30, seed: 1, minSamplesLeaf: 5 })) =>
  defineProject({
    ...common,
    name: 'plans',
    label: label({
      entity: customer,
      from: 'labels',
      column: 'plan',
      unused: ['spend'],
      type: f.category('none', 'basic, yearly', 'all'),
    }),
    model: { ...model, name: 'plan', trainer, metrics: ['logLoss', 'accuracy', 'auc'] },
    monitor: { ...monitor, retrainWhen: performance.drops({ metric: 'logLoss', by: 0.05 }) },
    promotion: { metric: 'logLoss', minGain: 0.01, guards: { accuracy: { maxDrop: 0.05 } } },
  })

const spendProject = (trainer: Trainer = randomForest({ trees: 30, seed: 1, minSamplesLeaf: 5 })) =>
  defineProject({
    ...common,
    name: 'spends',
    label: label({ entity: customer, from: 'labels', column: 'spend', unused: ['plan'], type: f.float() }),
    model: { ...model, name: 'spend', trainer, metrics: ['rmse', 'mae', 'r2'] },
    monitor: { ...monitor, retrainWhen: performance.drops({ metric: 'rmse', by: 5 }) },
    promotion: { metric: 'rmse', minGain: 1, guards: { mae: { maxRise: 1 } } },
  })

const PLANS = ['none', 'basic, yearly', 'all'] as const

/** 900 customers; what they spend and which plan they have follows `x` in one law and its opposite in the other. */
async function month(name: string, seed: number, law: 1 | -1): Promise<string> {
  const random = seededRandom(seed)
  const uses: string[][] = []
  const labels: string[][] = []
  for (let i = 0; i < 900; i++) {
    const id = `customer-${String(i).padStart(4, '0')}`
    const x = random.unit() * 10
    const net = random.below(3)
    const signal = law * (x - 5) + net + random.unit()
    uses.push([id, String(x), random.unit() < 0.2 ? '' : String(random.unit()), 'abc'[net]!])
    labels.push([id, PLANS[signal < -1 ? 0 : signal < 3 ? 1 : 2], String(100 + 10 * signal)])
  }
  const folder = path.join(loop.folder, name)
  await mkdir(folder)
  await writeCsv(folder, 'uses', ['id', 'x', 'y', 'net'], uses)
  await writeCsv(folder, 'labels', ['id', 'plan', 'spend'], labels)
  return folder
}

/** The loop over two months between which the law turns round. */
async function twoMonths(project: Project) {
  const first = await loop.run(project, await month('january', 1, 1), JANUARY)
  expect(first.ingest).not.toHaveProperty('rejected')
  const second = await loop.run(project, await month('february', 2, -1), FEBRUARY)
  return { first, second }
}

async function serve<P extends Project>(project: P) {
  const server = await startServer({ ports: loop.ports, project, host: '127.0.0.1', port: 0, logger: silent })
  onTestFinished(() => server.close())
  return createClient<P>(server.url)
}

const PATIENT = { timeout: 120_000 }

it('a label of three classes goes from the files to the answer', PATIENT, async () => {
  const project = planProject()
  const { first, second } = await twoMonths(project)
  expect(first.decision).toMatchObject({ outcome: 'promote' })
  expect(second).toMatchObject({
    retrain: { triggered: true, triggers: ['performance'] },
    comparison: { metric: 'logLoss', champion: { version: 1 }, candidate: { version: 2 } },
    decision: { outcome: 'promote' },
  })
  expect(second.comparison!.gain!.low).toBeGreaterThan(0)
  expect(second.targetDrift).toBeGreaterThan(0)
  expect((await loop.ports.registry.version('plan', 2))!.trainingBaseRate).toBeNull()
  const page = String(await loop.ports.reports.read({ kind: 'monitor', asOf: asOf(FEBRUARY) }, 'html'))
  expect(page).toContain('the most frequent outcome')

  const client = await serve(project)
  expect(await client.model()).toMatchObject({ target: { kind: 'classes', classes: PLANS }, threshold: null })
  const answer = await client.predict({ id: 'customer-0007' })
  expectTypeOf(answer.prediction).toEqualTypeOf<'none' | 'basic, yearly' | 'all'>()
  expectTypeOf(answer.probabilities).toEqualTypeOf<{ readonly [C in (typeof PLANS)[number]]: number }>()
  expect(schemas(project).prediction.parse(answer)).toEqual(answer)
  const shares = Object.values(answer.probabilities)
  expect(shares.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12)
  expect(answer.probabilities[answer.prediction]).toBe(Math.max(...shares))
  const reader = await versionReader(loop.ports, project, 2)
  expect((await answerNow(loop.ports, project, { reader, key: 'customer-0007' })).prediction).toEqual({
    predicted: answer.prediction,
    probabilities: answer.probabilities,
  })

  const compared = await compareVersions(loop.ports, project, { asOf: asOf(FEBRUARY), challenger: 2, against: 1 })
  expect(compared.report.details).toMatchObject({ pictures: { kind: 'classes' } })
  expect(compared.html).toContain('Class by class')
  const card = await modelCard(loop.ports, project, { version: 2, explain: false })
  expect(card.evaluation!.details!.metrics.map(({ metric }) => metric)).toContain('logLoss')

  const { rows, label: column, rowsHash } = await rebuildTrainingSet(loop.ports, project, 2)
  expect(rowsHash).toBe((await loop.ports.registry.version('plan', 2))!.trainingRowsHash)
  const text = [...frameCsv(rows, { key: 'id', label: column })].join('')
  expect(text.split('\n')[0]).toBe('id,use.x,use.y,use.net,plan')
  expect(text).toContain('"basic, yearly"')
})

it('a label that is a number goes from the files to the answer', PATIENT, async () => {
  const project = spendProject()
  const { first, second } = await twoMonths(project)
  expect(first.decision).toMatchObject({ outcome: 'promote' })
  expect(second).toMatchObject({
    retrain: { triggered: true, triggers: ['performance'] },
    comparison: { metric: 'rmse', champion: { version: 1 }, candidate: { version: 2 } },
    decision: { outcome: 'promote' },
  })
  expect(second.comparison!.candidate.value).toBeLessThan(second.comparison!.champion!.value)
  const page = String(await loop.ports.reports.read({ kind: 'monitor', asOf: asOf(FEBRUARY) }, 'html'))
  expect(page).toContain('Mean of the outcome')

  const client = await serve(project)
  expect(await client.model()).toMatchObject({ target: { kind: 'number' }, threshold: null })
  const answer = await client.predict({ id: 'customer-0007' })
  expectTypeOf(answer.prediction).toEqualTypeOf<number>()
  expect(schemas(project).prediction.parse(answer)).toEqual(answer)
  expect(answer.prediction).toBeGreaterThan(30)
  expect(answer.prediction).toBeLessThan(200)
  const compared = await compareVersions(loop.ports, project, { asOf: asOf(FEBRUARY), challenger: 2, against: 1 })
  expect(compared.report.details).toMatchObject({ pictures: { kind: 'number' } })
  expect(compared.html).toContain('Residuals, actual minus predicted')
  const card = await modelCard(loop.ports, project, { version: 2, explain: false })
  expect(card.evaluation!.details!.metrics.map(({ metric }) => metric)).toEqual(['rmse', 'mae', 'r2'])

  const { rows, label: column } = await rebuildTrainingSet(loop.ports, project, 2)
  const text = [...frameCsv(rows, { key: 'id', label: column })].join('')
  expect(Number(text.split('\n')[1]!.split(',').at(-1))).toBe(rows.label[0])
})

it.each<[string, Project]>([
  ['boosting of several classes', planProject(gradientBoosting({ rounds: 30 }))],
  ['logistic regression of several classes', planProject(logisticRegression())],
  ['boosting of a number', spendProject(gradientBoosting({ rounds: 30 }))],
  ['linear regression of a number', spendProject(linearRegression())],
])('a first model becomes champion and answers: %s', PATIENT, async (_, project) => {
  const { decision } = await loop.run(project, await month('january', 1, 1), JANUARY)
  expect(decision).toMatchObject({ outcome: 'promote' })
  const client = await serve(project)
  const answers = await Promise.all(
    [3, 30, 300].map((i) => client.predict({ id: `customer-0${String(i).padStart(3, '0')}` })),
  )
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(3)
})

it('a champion of another label answers nobody, and the next model takes its place', PATIENT, async () => {
  await loop.run(planProject(), await month('january', 1, 1), JANUARY)
  const other = defineProject({
    ...common,
    name: 'plans',
    label: label({
      entity: customer,
      from: 'labels',
      column: 'plan',
      unused: ['spend'],
      type: f.category('none', 'all', 'basic, yearly'),
    }),
    model: { ...model, name: 'plan', trainer: logisticRegression(), metrics: ['logLoss'] },
    monitor: { ...monitor, retrainWhen: performance.drops({ metric: 'logLoss', by: 0.05 }) },
    promotion: { metric: 'logLoss', minGain: 0.01 },
  })
  const client = await serve(other)
  await expect(client.predict({ id: 'customer-0007' })).rejects.toMatchObject({ code: 'champion_not_loaded' })
  const second = await loop.run(other, await month('february', 2, 1), FEBRUARY)
  expect(second.retrain.reason).toBe('champion_unreadable')
  expect(second.decision).toMatchObject({ outcome: 'promote' })
  await vi.waitFor(async () => expect((await client.model()).version).toBe(2), { timeout: 10_000, interval: 50 })
})
