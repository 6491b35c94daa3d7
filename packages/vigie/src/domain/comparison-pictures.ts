import { type AtThreshold, atThreshold } from './curves/at-threshold.ts'
import { type Confusion, confusion } from './curves/confusion.ts'
import { type AnsweredGroup, answeredGroups } from './curves/groups.ts'
import { type Residuals, residuals } from './curves/residuals.ts'
import { type Curve, rocCurve } from './curves/roc.ts'
import { wilson } from './curves/wilson.ts'
import { tQuantile } from './distributions/student-t.ts'
import type { Answers } from './metrics/answers.ts'
import type { TargetKind } from './policy.ts'

/** One model's part of each picture; the champion's is null where there is none. */
interface Both<T> {
  readonly champion: T | null
  readonly challenger: T
}

/** What two models answered on the same rows, to look at. Plain data. */
export type Pictures =
  | {
      readonly kind: 'binary'
      readonly roc: Both<Curve>
      readonly calibration: Both<readonly AnsweredGroup[]>
      readonly thresholds: Both<AtThreshold>
    }
  | { readonly kind: 'classes'; readonly confusion: Both<Confusion> }
  | { readonly kind: 'number'; readonly predicted: Both<readonly AnsweredGroup[]>; readonly residuals: Residuals }

/** The scores of two models, row-major as in `Answers`. */
export interface PicturedPair {
  readonly kind: TargetKind
  readonly y: Float64Array
  readonly champion: Float64Array | null
  readonly challenger: Float64Array
  readonly weights?: Float64Array | null
  /** Of binary models; null for others, and for a champion that is not there. */
  readonly thresholds: { readonly champion: number | null; readonly challenger: number | null }
}

/** Draws what suits the target: curves of probabilities, confusion of classes, predicted beside actual numbers. */
export function comparisonPictures(pair: PicturedPair): Pictures {
  const { kind, y, champion, challenger, weights = null, thresholds } = pair
  const both = <T>(draw: (answers: Answers, model: 'champion' | 'challenger') => T): Both<T> => ({
    champion: champion && draw({ kind, y, scores: champion, weights }, 'champion'),
    challenger: draw({ kind, y, scores: challenger, weights }, 'challenger'),
  })
  switch (kind) {
    case 'binary':
      return {
        kind,
        roc: both(rocCurve),
        calibration: both(({ scores }) => answeredGroups(scores, y, (rows, share) => wilson(share * rows, rows))),
        thresholds: both((answers, model) => atThreshold(answers, thresholds[model] ?? 0.5)),
      }
    case 'classes':
      return { kind, confusion: both(confusion) }
    case 'number':
      return {
        kind,
        predicted: both(({ scores }) => answeredGroups(scores, y, meanInterval)),
        residuals: residuals(y, pair),
      }
  }
}

/** Student's interval of a mean; of one row it is the value itself. */
function meanInterval(rows: number, mean: number, squares: number) {
  if (rows < 2) return { low: mean, high: mean }
  const half = tQuantile(0.975, rows - 1) * Math.sqrt(squares / (rows - 1) / rows)
  return { low: mean - half, high: mean + half }
}
