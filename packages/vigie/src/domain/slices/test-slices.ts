import { tUpperTail } from '../distributions/student-t.ts'
import { entityNumbers } from '../entities.ts'
import type { FeatureSpec } from '../feature-spec.ts'
import type { TargetKind } from '../policy.ts'
import type { SliceEvidence, UnjudgedSlice } from '../promotion/evidence.ts'
import { clusteredMean } from '../significance/clustered-mean.ts'
import { type Slice, slicesOf } from './declared-slices.ts'
import { harmTree, leafName, rowsOfLeaf } from './harm-tree.ts'
import { recalibrated } from './recalibrated.ts'
import { rowLosses } from './row-losses.ts'

const LEAST_DECLARED = 20
const LEAST_FOUND = 10
const LEAST_LEAF = 20
const WORST_LEAVES = 2

/** What slices are looked for in. */
export interface SliceRequest {
  readonly kind: TargetKind
  readonly y: Float64Array
  readonly entities: Int32Array
  readonly champion: Float64Array
  readonly challenger: Float64Array
  /** Each row's half: see `sliceHalf`. */
  readonly halves: Uint8Array
  readonly spec: FeatureSpec
  readonly columns: readonly Float64Array[]
  /** Names of the features that make declared slices. */
  readonly declared: readonly string[]
  /** Compares recalibrated probabilities: for a policy whose metric is about ranking. */
  readonly recalibrate: boolean
}

export interface TestedSlices {
  readonly slices: readonly SliceEvidence[]
  /** Declared slices with too few rows to test. */
  readonly unjudged: readonly UnjudgedSlice[]
}

/**
 * Parts of the rows in which the challenger loses more than the champion, each with the one-sided t test that it does,
 * clustered by entity. Declared slices are tested on all rows. Others are found: a shallow tree of the loss difference is
 * grown on each half of the entities, and its two worst leaves are tested on the other half; the two are never pooled,
 * since each half chose for the other. All p-values are of one Holm family.
 */
export function testSlices(request: SliceRequest): TestedSlices {
  const x = lossDifference(request)
  const { spec, columns, halves, entities } = request
  const tested: SliceEvidence[] = []
  const unjudged: UnjudgedSlice[] = []
  const test = (slice: Slice, about: Pick<SliceEvidence, 'kind' | 'of'>, least: number): void => {
    if (slice.rows.length >= least) {
      const found = oneTest(slice, about, x, entities)
      if (found) return void tested.push(found)
    }
    if (about.kind === 'declared') unjudged.push({ name: slice.name, rows: slice.rows.length, of: about.of! })
  }
  for (const name of request.declared) {
    const at = spec.findIndex((column) => column.name === name)
    for (const slice of slicesOf(spec[at]!, columns[at]!)) test(slice, { kind: 'declared', of: name }, LEAST_DECLARED)
  }
  const minLeaf = Math.max(LEAST_LEAF, Math.ceil(x.length / 100))
  for (const half of [0, 1]) {
    const grownOn = rowsOfHalf(halves, half)
    if (grownOn.length < 2 * minLeaf) continue
    const worst = [...harmTree(spec, columns, x, grownOn, minLeaf)]
      .filter(({ mean, path }) => mean > 0 && path.length > 0)
      .sort((a, b) => b.mean - a.mean)
      .slice(0, WORST_LEAVES)
    for (const leaf of worst) {
      const rows = rowsOfLeaf(leaf, columns, rowsOfHalf(halves, 1 - half))
      test({ name: leafName(leaf, spec), rows }, { kind: 'found', of: null }, LEAST_FOUND)
    }
  }
  return { slices: tested, unjudged }
}

/** Challenger's loss minus the champion's, by row. */
function lossDifference({ kind, y, champion, challenger, halves, recalibrate }: SliceRequest): Float64Array {
  const lossOf = (scores: Float64Array) =>
    rowLosses(kind, y, recalibrate && kind === 'binary' ? recalibrated(y, scores, halves) : scores)
  const before = lossOf(champion)
  return lossOf(challenger).map((loss, i) => loss - before[i]!)
}

function rowsOfHalf(halves: Uint8Array, half: number): Int32Array {
  return Int32Array.from(halves.keys()).filter((row) => halves[row] === half)
}

/** Null when the slice has a single entity, which allows no test. */
function oneTest(
  { name, rows }: Slice,
  about: Pick<SliceEvidence, 'kind' | 'of'>,
  x: Float64Array,
  entities: Int32Array,
): SliceEvidence | null {
  const own = entityNumbers(Array.from(rows, (row) => entities[row]!))
  if (own.every((entity) => entity === 0)) return null
  const { estimate, se, df } = clusteredMean(
    Float64Array.from(rows, (row) => x[row]!),
    own,
  )
  const p = df === null ? (estimate > 0 ? 0 : 1) : tUpperTail(estimate / se, df)
  return { name, ...about, rows: rows.length, harm: estimate, se, df, p }
}
