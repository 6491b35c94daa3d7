import { comparisonPictures, type Pictures } from '../comparison-pictures.ts'
import type { Curve as Points } from '../curves/roc.ts'
import type { Answers } from '../metrics/answers.ts'
import { CALIBRATION_BINS, calibrationBin } from '../metrics/ece.ts'
import { gainAt } from '../metrics/lift.ts'
import { type Curve, curveOf } from '../metrics/ranking.ts'

/** One bin of the calibration error: ten of equal width from 0 to 1. Empty ones are left out. */
export interface ReliabilityBin {
  readonly low: number
  readonly high: number
  /** Sum of the weights of its rows. */
  readonly weight: number
  /** Mean probability, and the share that came true. */
  readonly answered: number
  readonly came: number
}

/** What is drawn of one score of class 1, besides ROC and calibration. */
export interface RankingCurves {
  /** Precision (y) at each recall (x). */
  readonly precisionRecall: Points
  /** Lift (y) of the share of rows with the highest scores (x). */
  readonly lift: Points
  /** Share of all positives (y) in that share of rows (x). */
  readonly gain: Points
  /** Null when the scores are no probabilities. */
  readonly reliability: readonly ReliabilityBin[] | null
}

/** What is drawn of an evaluation. Plain data. */
export interface EvaluationCurves {
  readonly pictures: Pictures
  readonly score: RankingCurves | null
  readonly against: RankingCurves | null
}

/** Points of the curves of lift and gain. */
const SHARES = Array.from({ length: 100 }, (_, i) => (i + 1) / 100)
/** Least way between two points that are kept. */
const STEP = 1 / 400

export function evaluationCurves(score: Answers, against: Answers | null): EvaluationCurves {
  const { kind, y, weights = null } = score
  const thresholds = { champion: against?.threshold ?? null, challenger: score.threshold ?? null }
  const pictures = comparisonPictures({
    kind,
    y,
    champion: against?.scores ?? null,
    challenger: score.scores,
    weights,
    thresholds,
  })
  const ranked = (answers: Answers | null) => (kind === 'binary' && answers ? rankingCurves(answers) : null)
  return { pictures, score: ranked(score), against: ranked(against) }
}

function rankingCurves(answers: Answers): RankingCurves {
  const curve = curveOf(answers.scores, (row) => answers.y[row] === 1, answers.weights)
  const gains = SHARES.map((share) => gainAt(curve, share))
  return {
    precisionRecall: precisionRecall(curve),
    lift: { x: SHARES, y: gains.map((gain, i) => gain / SHARES[i]!) },
    gain: { x: [0, ...SHARES], y: [0, ...gains] },
    reliability: reliability(answers),
  }
}

/** Thinned to what a picture shows; nothing is interpolated. */
function precisionRecall({ hits, alarms }: Curve): Points {
  const positives = hits.at(-1)!
  const [x, y]: [number[], number[]] = [[], []]
  for (let t = 0; t < hits.length; t++) {
    const flagged = hits[t]! + alarms[t]!
    if (flagged === 0) continue
    const [recall, precision] = [hits[t]! / positives, hits[t]! / flagged]
    const isNear = x.length > 0 && recall - x.at(-1)! < STEP && Math.abs(precision - y.at(-1)!) < STEP
    if (isNear && t < hits.length - 1) continue
    x.push(recall)
    y.push(precision)
  }
  return { x, y }
}

/** The bins of the calibration error; null when the scores are no probabilities. */
export function reliability({ y, scores, weights }: Answers): readonly ReliabilityBin[] | null {
  const sums = Array.from({ length: CALIBRATION_BINS }, () => ({ weight: 0, answered: 0, came: 0 }))
  for (let row = 0; row < y.length; row++) {
    const p = scores[row]!
    if (p < 0 || p > 1) return null
    const bin = sums[calibrationBin(p)]!
    const w = weights ? weights[row]! : 1
    bin.weight += w
    bin.answered += w * p
    bin.came += w * y[row]!
  }
  return sums.flatMap(({ weight, answered, came }, i) =>
    weight === 0
      ? []
      : [
          {
            low: i / CALIBRATION_BINS,
            high: (i + 1) / CALIBRATION_BINS,
            weight,
            answered: answered / weight,
            came: came / weight,
          },
        ],
  )
}
