import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import Ajv from 'ajv'
import addFormats from 'ajv-formats'
import { expect, it } from 'vitest'
import { cyclonedxCard } from '../../src/adapters/cyclonedx/model-card-bom.ts'
import { asOf } from '../../src/domain/as-of.ts'
import { calibrated, logisticRegression, oneOf, tuned } from '../../src/index.ts'
import { ingest } from '../../src/loop/ingest.ts'
import { keepCard } from '../../src/loop/keep-card.ts'
import { modelCard } from '../../src/loop/model-card.ts'
import { rollback } from '../../src/loop/rollback.ts'
import { train } from '../../src/loop/train.ts'
import { loopForTests } from './loop-for-tests.ts'
import { oddMonth } from './odd-months.ts'
import { oddProject } from './odd-project.ts'

const loop = loopForTests()
const project = oddProject()
const [JANUARY, FEBRUARY] = [asOf('2024-01-31'), asOf('2024-02-29')]

const fixtures = path.resolve(import.meta.dirname, '../fixtures/cyclonedx')
const schema = (name: string) =>
  JSON.parse(gunzipSync(readFileSync(path.join(fixtures, `${name}.schema.json.gz`))).toString())

/** Every word of the official schema, also those that this validator does not know of itself. */
function cyclonedxErrors(document: object): unknown {
  const ajv = new Ajv.default({ strict: false, allErrors: true, validateFormats: true })
  addFormats.default(ajv)
  ajv.addFormat('idn-email', /@/)
  ajv.addFormat('iri-reference', true)
  const { $schema: _spdx, ...spdx } = schema('spdx')
  const { $schema: _jsf, ...jsf } = schema('jsf-0.82')
  ajv.addSchema({ ...spdx, $id: 'http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json' })
  ajv.addSchema({ ...jsf, $id: 'http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json' })
  const validate = ajv.compile(schema('bom-1.6'))
  return validate(document) ? [] : validate.errors
}

async function twoMonths(): Promise<void> {
  await loop.run(project, await oddMonth(loop.folder, 'january'), JANUARY)
  await loop.run(project, await oddMonth(loop.folder, 'february', { seed: 2, law: 'y' }), FEBRUARY)
}

it('the card of a champion is told from what was recorded, and looks at no held-out row', async () => {
  await twoMonths()
  const { ports } = loop
  const { registry } = ports
  const looks = await registry.looks({ model: 'odd_model', epoch: 2, windowStart: '2024-02-29T00:00:00Z' })
  const { report, html, kept } = await keepCard(ports, project, { version: 2, explain: true })
  expect(await registry.looks({ model: 'odd_model', epoch: 2, windowStart: '2024-02-29T00:00:00Z' })).toEqual(looks)

  const version = (await registry.version('odd_model', 2))!
  const champion = (await registry.champion('odd_model'))!
  const decision = (await registry.decisions('odd_model')).findLast(({ challenger }) => challenger === 2)!
  expect(report).toMatchObject({
    version: 2,
    stage: 'Production',
    championSince: champion.since,
    artefact: { sha256: version.artefact },
    training: { rows: version.trainingRows, rowsHash: version.trainingRowsHash, recipe: { label: 'labels.gone' } },
    definition: 'same',
    evaluation: { decision: decision.id, champion: 1 },
    decisions: [{ id: decision.id, outcome: 'promote', reasons: JSON.parse(JSON.stringify(decision.reasons)) }],
    audit: [{ action: 'promote', actor: 'loop' }],
    unexplained: null,
  })
  expect(report.training.snapshots).toHaveLength(1)
  expect(report.features.map(({ name }) => name)).toEqual(project.model.features.map(({ name }) => name))
  const auc = report.evaluation!.details!.metrics.find(({ metric }) => metric === 'auc')!
  expect(auc.challenger!.value).toBeCloseTo(decision.evidence.metrics!.challenger.auc!, 12)
  expect(auc.challenger!.low).toBeLessThan(auc.challenger!.value)
  expect(report.drift).toMatchObject({ asOf: FEBRUARY, reference: JANUARY })
  expect(report.explanation!.features).toHaveLength(report.features.length)

  expect(html).toContain('Version 2 answers.')
  expect(html).toContain(auc.challenger!.value.toFixed(3))
  expect(html).not.toMatch(/NaN|undefined|\[object/)
  expect(html).not.toMatch(/<script|<img|<link|<iframe| style=| on\w+="|href="(?!#)|src=(?!x)|url\(|@import/)
  const name = { kind: 'card', asOf: FEBRUARY, version: 2 } as const
  expect(await ports.reports.find(name)).toEqual(kept)
  expect(JSON.parse((await ports.reports.read(name, 'json'))!)).toEqual(JSON.parse(JSON.stringify(report)))
})

it('as CycloneDX it is valid by the official schema, and says the same numbers', async () => {
  await twoMonths()
  for (const version of [1, 2]) {
    const card = await modelCard(loop.ports, project, { version, explain: false })
    const document = cyclonedxCard(card) as ReturnType<typeof JSON.parse>
    expect(cyclonedxErrors(document)).toEqual([])
    expect(cyclonedxCard(card)).toEqual(document)
    const { component } = document.metadata
    expect(component).toMatchObject({
      type: 'machine-learning-model',
      version: String(version),
      hashes: [{ alg: 'SHA-256', content: card.artefact.sha256 }],
      modelCard: { modelParameters: { task: 'classification', modelArchitecture: 'randomForest' } },
    })
    const [auc] = component.modelCard.quantitativeAnalysis.performanceMetrics
    const measured = card.evaluation!.details!.metrics[0]!.challenger!
    expect(auc).toEqual({
      type: 'auc',
      value: String(measured.value),
      confidenceInterval: { lowerBound: String(measured.low), upperBound: String(measured.high) },
    })
  }
  expect(cyclonedxErrors({ bomFormat: 'CycloneDX', specVersion: '1.6', components: [{ type: 'model' }] })).not.toEqual(
    [],
  )
})

it('a version that was never compared says so, and a rollback is in the card of the one that came back', async () => {
  await twoMonths()
  await rollback(loop.ports, project, { actor: 'a person', reason: 'complaints' })
  const back = await modelCard(loop.ports, project, { version: 1, explain: false })
  expect(back.audit.at(-1)).toMatchObject({ action: 'rollback', actor: 'a person', reason: 'complaints' })
  expect(back.championSince).not.toBeNull()

  const other = oddProject({ features: ['plan.x', 'use.y'] })
  const { version } = await train(loop.ports, other, { asOf: FEBRUARY })
  const card = await modelCard(loop.ports, project, { version, explain: false })
  expect(card).toMatchObject({
    evaluation: null,
    unevaluated: 'it was never compared',
    definition: 'changed',
    audit: [],
  })
  expect(card.limits).toContain('How good it is nobody knows: it was never compared.')
  expect(card.features.map(({ name }) => name)).toEqual(['plan.x', 'use.y'])
  expect(cyclonedxErrors(cyclonedxCard(card))).toEqual([])
  await expect(modelCard(loop.ports, project, { version: 9, explain: false })).rejects.toMatchObject({
    code: 'version_unknown',
  })
})

it('the first month has no date before it: its card says that nothing is known of drift', async () => {
  const dir = await oddMonth(loop.folder, 'january')
  await ingest(loop.ports, project, { dir, asOf: JANUARY, correction: false })
  await train(loop.ports, project, { asOf: JANUARY })
  const card = await modelCard(loop.ports, project, { version: 1, explain: false })
  expect(card).toMatchObject({ drift: null, undrifted: 'the monitor has no report of 2024-01-31' })
})

it('a search tells its trials, and the innermost trainer is the architecture', async () => {
  const trainer = calibrated(tuned(logisticRegression(), { l2: oneOf(0.1, 1, 10) }, { trials: 3, folds: 2 }))
  const searched = oddProject({ model: { trainer } })
  await loop.run(searched, await oddMonth(loop.folder, 'january'), JANUARY)
  const { report, html } = await keepCard(loop.ports, searched, { version: 1, explain: false })
  const { found } = report.trainer.trainer as ReturnType<typeof tuned>
  expect(found!.trials).toHaveLength(3)
  expect(html).toContain('calibrated')
  expect(html).toContain(`<dt>chosen</dt><dd><span class="mono">${found!.chosen}</span>`)
  const document = cyclonedxCard(report) as ReturnType<typeof JSON.parse>
  expect(cyclonedxErrors(document)).toEqual([])
  expect(document.metadata.component.modelCard.modelParameters).toMatchObject({
    architectureFamily: 'linear model',
    modelArchitecture: 'logisticRegression',
  })
})
