import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { checkTrainer } from '../../packages/vigie/src/define/check-trainer.ts'
import * as expressions from '../../packages/vigie/src/define/derived.ts'
import * as rowRules from '../../packages/vigie/src/define/row-rules.ts'
import { parametersOf } from '../../packages/vigie/src/domain/legal-trainer.ts'
import { TRUE_OR_FALSE } from '../../packages/vigie/src/domain/model/target.ts'
import project, { best, boosting, honest, logistic, ridge, searched } from './vigie.config.ts'

test('the example resolves', () => {
  expect(project.model.features.map(({ name }) => name)).toEqual([
    'sensors.temperature',
    'sensors.starts',
    'sensors.alarm',
    'sensors.mode',
    'sensors.vibration',
    'derived.wear',
    'derived.warming',
  ])
  expect(project.sources.costs).toMatchObject({ nulls: ['', 'NA'], booleans: { true: ['Y'], false: ['N'] } })
})

test('it names every option of the definition', () => {
  const text = readFileSync(new URL('./vigie.config.ts', import.meta.url), 'utf8')
  const sources = ['entity', 'feature', 'feature-view', 'files', 'gates', 'label', 'project', 'rules'].map((file) =>
    readFileSync(new URL(`../../packages/vigie/src/define/${file}.ts`, import.meta.url), 'utf8'),
  )
  const options = new Set(sources.flatMap((source) => [...source.matchAll(/readonly (\w+)\??: /g)].map((m) => m[1]!)))
  for (const word of [...Object.keys(expressions), ...Object.keys(rowRules)]) options.add(word)
  // what a resolved value has and a user does not write
  for (const internal of ['kind', 'booleans', 'optional', 'categories', 'hash', 'true', 'false'])
    options.delete(internal)
  const missing = [...options].filter((option) => !new RegExp(`\\b${option}\\b`).test(text))
  expect(missing).toEqual([])
})

test('its other trainers are legal, and name every parameter', () => {
  const { features } = project.model
  for (const trainer of [boosting, logistic, searched, best, honest]) checkTrainer(trainer, features, TRUE_OR_FALSE)
  checkTrainer(ridge, features, { kind: 'number' })
  const text = readFileSync(new URL('./vigie.config.ts', import.meta.url), 'utf8')
  const parameters = [project.model.trainer, boosting, logistic, ridge].flatMap(({ kind }) => parametersOf(kind))
  for (const name of parameters) expect(text).toMatch(new RegExp(`\\b${name}: `))
})
