import type { FeatureSpec } from '../domain/feature-spec.ts'
import type { Frame } from '../domain/frame.ts'
import { outputWidth } from '../domain/model/target.ts'
import { lastMicrosOf } from '../domain/point-in-time.ts'
import type { Joined } from '../ports/offline-store.ts'
import type { Ports } from '../ports/ports.ts'
import { historyThen, requireHistory, type When } from './counterfactual.ts'
import { deriveRows } from './join-features.ts'
import { type Prediction, predict } from './predict.ts'
import type { VersionReader } from './version-reader.ts'

/** What a version would have said of one of many keys, or why it would have said nothing. */
export interface AnsweredKey {
  readonly key: string
  readonly prediction: Prediction | null
  readonly refusal: 'user_unknown' | 'features_missing' | null
}

/** Keys that are joined and scored at once: enough that a join pays, few enough to hold. */
const BATCH = 8192

/**
 * `answerThen` for any number of keys, in their order, to the same bits; a key without an answer is told so and stops no
 * other. Throws `snapshot_missing` when nothing was known yet.
 */
export async function* answersThen(
  ports: Ports,
  { reader, when, keys }: { readonly reader: VersionReader; readonly when: When; readonly keys: AsyncIterable<string> },
): AsyncGenerator<readonly AnsweredKey[]> {
  const history = await historyThen(ports, when)
  requireHistory(history, when)
  const artefact = await ports.artefacts.get(reader.version.artefact)
  for await (const batch of batches(keys)) {
    const joined = await ports.offline.pointInTimeJoin({
      spine: { kind: 'rows', keys: batch, at: timesOf(when, batch.length) },
      features: reader.reading.inputs,
      // Of any age: what is too old is told from what was never there.
      views: reader.views.map((view) => ({ ...view, ttlMs: null })),
      ...history,
    })
    const base = withoutTheOld(joined, reader, when)
    const rows = await deriveRows(reader.reading.translateInputs(base), reader.model.features)
    const scores = await ports.compute.run('score', { artefact, rows: { ...rows, label: null } })
    yield batch.map((key, row) => answered({ key, row, joined, base, rows, scores, reader }))
  }
}

function answered({
  key,
  row,
  joined,
  base,
  rows,
  scores,
  reader,
}: {
  readonly key: string
  readonly row: number
  readonly joined: Joined
  readonly base: Frame
  readonly rows: Frame
  readonly scores: Float64Array
  readonly reader: VersionReader
}): AnsweredKey {
  const isKnown = [...joined.eventTimes.values()].some((times) => !Number.isNaN(times[row]!))
  if (!isKnown) return { key, prediction: null, refusal: 'user_unknown' }
  if (!isComplete(reader.reading.columns, base, rows, row))
    return { key, prediction: null, refusal: 'features_missing' }
  const width = outputWidth(reader.model.target)
  const answers = () => scores.subarray(row * width, (row + 1) * width)
  return { key, prediction: predict({ ...reader.model, answers }, new Float64Array(0)), refusal: null }
}

/** Before a category that the version does not know becomes null to it: it was delivered. */
function isComplete(columns: FeatureSpec, base: Frame, rows: Frame, row: number): boolean {
  return columns.every(({ name, optional }, i) => {
    if (optional) return true
    const input = base.spec.findIndex((column) => column.name === name)
    return !Number.isNaN((input >= 0 ? base.columns[input]! : rows.columns[i]!)[row]!)
  })
}

function withoutTheOld(joined: Joined, { views, reading }: VersionReader, { at }: When): Frame {
  const now = typeof at === 'number' ? at : lastMicrosOf(at)
  const maxAge = new Map(views.map(({ view, ttlMs }) => [view, ttlMs === null ? Infinity : ttlMs * 1000]))
  const columns = joined.columns.map((values, i) => {
    const { view } = reading.inputs[i]!
    const times = joined.eventTimes.get(view)!
    return values.map((value, row) => (now - times[row]! > maxAge.get(view)! ? Number.NaN : value))
  })
  return { spec: reading.inputs, keys: joined.keys, columns, label: null }
}

function timesOf({ at }: When, rows: number) {
  return typeof at === 'number' ? new Float64Array(rows).fill(at) : new Array<typeof at>(rows).fill(at)
}

async function* batches(keys: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  let batch: string[] = []
  for await (const key of keys) {
    batch.push(key)
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
