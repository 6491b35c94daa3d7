import { createHash } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { exitStatus } from '../../src/cli/output.ts'
import { asOf } from '../../src/domain/as-of.ts'
import type { VigieError } from '../../src/errors.ts'
import {
  defineProject,
  entity,
  evidentlyRules,
  f,
  featureView,
  label,
  type Project,
  randomForest,
  share,
  stableHoldout,
} from '../../src/index.ts'
import { ingest } from '../../src/loop/ingest.ts'
import { storesForTests } from '../loop/stores.ts'

const ROWS = 1_000_000
/** Row of the fault, counted from 1: its line is one more. */
const FAULTY = 700_001
const LINE = FAULTY + 1
const FEBRUARY = asOf('2024-02-29')

const user = entity({ key: 'user_id', type: f.string() })
const project = defineProject({
  name: 'million',
  snapshots: { every: 'month', first: '2024-01-31' },
  featureViews: {
    usage: featureView({
      entity: user,
      from: 'usage',
      features: { hours: f.float({ min: 0 }), skips: f.int(), plan: f.category('a', 'b') },
    }),
  },
  label: label({ entity: user, from: 'labels', column: 'left', type: f.boolean() }),
  model: {
    name: 'million',
    features: ['usage.*'],
    trainer: randomForest({ trees: 1, seed: 1 }),
    holdout: stableHoldout({ fraction: 0.25 }),
    metrics: ['auc'],
  },
  monitor: { against: 'previous-snapshot', drift: evidentlyRules(), retrainWhen: share.atLeast(1) },
  promotion: { metric: 'auc', minGain: 0.01 },
}) as unknown as Project

const stores = storesForTests({ emptied: 'once' })
/** All rows but the faulty one: the bytes before it, and behind it. */
let before: Buffer
let after: Buffer

const rowOf = (i: number) => `u${i},${i % 1000}.25,${i % 50},${i % 2 ? 'a' : 'b'}\n`

beforeAll(() => {
  const rows = (from: number, to: number) => {
    let text = ''
    for (let i = from; i < to; i++) text += rowOf(i)
    return Buffer.from(text)
  }
  before = Buffer.concat([Buffer.from('user_id,hours,skips,plan\n'), rows(1, FAULTY)])
  after = rows(FAULTY + 1, ROWS + 1)
})

const good = rowOf(FAULTY)
const FAULTS: readonly [string, string | Uint8Array, string, { readonly column?: string; readonly line?: number }][] = [
  ['C5 a byte that is no UTF-8', Buffer.from(good.replace(`u${FAULTY}`, 'Zo\u00eb'), 'latin1'), 'encoding_invalid', {}],
  ['C7 a NUL', good.replace(',a', ',a\0'), 'nul_byte', { column: 'plan' }],
  ['C8 an escape in a key', good.replace('u', 'u\u001b'), 'control_character', { column: 'user_id' }],
  ['C11 another newline', good.replace('\n', '\r\n'), 'mixed_newlines', {}],
  ['C26 a short row', `u${FAULTY},1.25,1\n`, 'ragged_row', {}],
  ['C30 a quote that is never closed', good.replace(',a', ',"a'), 'unclosed_quote', {}],
  ['C35 a header again', 'user_id,hours,skips,plan\n', 'repeated_header', {}],
  ['C38 a decimal comma', good.replace(/,\d+\.25/, ',"1,25"'), 'not_a_number', { column: 'hours' }],
  ['C47 a negative count', good.replace(/,(\d+\.25)/, ',-$1'), 'out_of_range', { column: 'hours' }],
  ['C61 a key that came before', rowOf(350_000), 'duplicate_key', { column: 'user_id', line: 350_001 }],
]

test.each(FAULTS)('among a million good rows: %s', async (_what, row, code, { line = LINE, column }) => {
  const stateBefore = await stores.state()
  const dir = path.join(stores.folder, code)
  await mkdir(dir)
  const bytes = Buffer.concat([before, Buffer.from(row), after])
  await writeFile(path.join(dir, 'usage.csv'), bytes)
  await writeFile(path.join(dir, 'labels.csv'), 'user_id,left\nu1,True\n')
  const error: VigieError = await ingest(stores.ports, project, { dir, asOf: FEBRUARY }).then(
    () => expect.fail('the delivery was taken'),
    (thrown) => thrown,
  )
  expect(error).toMatchObject({ code, details: { file: 'usage.csv', line, ...(column ? { column } : {}) } })
  expect(exitStatus(error)).toBe(3)
  expect(await stores.state()).toEqual(stateBefore)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  expect(error.details.quarantined).toBe(path.join(stores.ports.staging, 'quarantine', `${sha256}.csv`))
  await rm(dir, { recursive: true })
})

test('a million good rows are taken', async () => {
  const dir = path.join(stores.folder, 'good')
  await mkdir(dir)
  await writeFile(path.join(dir, 'usage.csv'), Buffer.concat([before, Buffer.from(good), after]))
  await writeFile(path.join(dir, 'labels.csv'), 'user_id,left\nu1,True\n')
  expect(await ingest(stores.ports, project, { dir, asOf: FEBRUARY })).toMatchObject({ rows: ROWS })
})
