import { oneRowEach } from '../../packages/vigie/src/domain/entities.ts'
import type { FeatureSpec } from '../../packages/vigie/src/domain/feature-spec.ts'
import { sliceRule } from '../../packages/vigie/src/domain/promotion/slice-rule.ts'
import { seededRandom } from '../../packages/vigie/src/domain/random.ts'
import { sliceHalves } from '../../packages/vigie/src/domain/slices/half.ts'
import { testSlices } from '../../packages/vigie/src/domain/slices/test-slices.ts'
import { draws } from './draws.ts'
import { policy } from './verdict.ts'

export interface SliceCell {
  readonly n: number
  /** Share of the rows in which the challenger's score is reversed; 0: the models are equal. */
  readonly damaged: number
}

export interface SliceCounts {
  readonly runs: number
  readonly blocked: number
}

const FEATURES = 10

const spec: FeatureSpec = Array.from({ length: FEATURES }, (_, j) =>
  j < 3
    ? {
        name: `v.c${j}`,
        view: 'v',
        feature: `c${j}`,
        type: 'category',
        optional: false,
        categories: ['a', 'b', 'c', 'd'],
      }
    : { name: `v.x${j}`, view: 'v', feature: `x${j}`, type: 'float', optional: false },
)
const declared = ['v.c0', 'v.c1', 'v.x3']

/**
 * Two models that see the same log-odds, each through its own noise. Damage is a reversed score where the last number is
 * largest, which is in no declared slice. Counts how often the slice rule keeps the champion.
 */
export function slicesBlocked({ n, damaged }: SliceCell, seed: number, from: number, to: number): SliceCounts {
  let blocked = 0
  for (let run = from; run < to; run++) {
    const law = draws(seededRandom(seed, run + 1_000_000))
    const columns = spec.map(({ type }) =>
      Float64Array.from({ length: n }, () => (type === 'category' ? law.below(4) : law.normal())),
    )
    const logOdds = Float64Array.from(
      { length: n },
      (_, i) => -1.3 + 0.6 * columns[3]![i]! + 0.4 * columns[4]![i]! + (columns[0]![i] === 2 ? 0.7 : 0),
    )
    const y = logOdds.map((l) => (law.unit() < 1 / (1 + Math.exp(-l)) ? 1 : 0))
    const cut = Float64Array.from(columns[FEATURES - 1]!).sort()[Math.ceil(n * (1 - damaged)) - 1]!
    const scores = (harmed: boolean) =>
      logOdds.map((l, i) => {
        const seen = l + 0.35 * law.normal()
        const off = harmed && damaged > 0 && columns[FEATURES - 1]![i]! > cut
        return 1 / (1 + Math.exp(off ? seen + 2.6 : -seen))
      })
    const { slices, unjudged } = testSlices({
      kind: 'binary',
      y,
      entities: oneRowEach(n),
      champion: scores(false),
      challenger: scores(true),
      halves: sliceHalves(Array.from({ length: n }, (_, i) => `user ${run} ${i}`)),
      spec,
      columns,
      declared,
      recalibrate: true,
    })
    if (sliceRule({ slices, unjudgedSlices: unjudged }, policy).some(({ kind }) => kind === 'keep')) blocked++
  }
  return { runs: to - from, blocked }
}
