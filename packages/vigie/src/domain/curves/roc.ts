import type { Answers } from '../metrics/answers.ts'
import { descendingOrder } from '../metrics/order.ts'

/** Points of a curve, both coordinates from 0 to 1, in order of `x`. */
export interface Curve {
  readonly x: readonly number[]
  readonly y: readonly number[]
}

/** Least way between two points that are kept: less than a pixel of a picture. */
const STEP = 1 / 500

/**
 * The ROC curve of class 1: of the rows above each threshold the share of all negatives (x) and of all positives (y).
 * Tied rows make one straight piece. Points nearer than a pixel to the one before are left out, so a curve of any number
 * of rows has at most a thousand.
 */
export function rocCurve({ y: labels, scores, weights }: Answers): Curve {
  const [negatives, positives] = classTotals(labels, weights)
  const order = descendingOrder(scores)
  const [x, y] = [[0], [0]]
  let [hits, falseAlarms] = [0, 0]
  for (let k = 0; k < order.length; k++) {
    const row = order[k]!
    const w = weights?.[row] ?? 1
    if (labels[row] === 1) hits += w
    else falseAlarms += w
    if (k + 1 < order.length && scores[order[k + 1]!] === scores[row]) continue
    const [across, up] = [falseAlarms / negatives, hits / positives]
    if (across - x.at(-1)! < STEP && up - y.at(-1)! < STEP) continue
    x.push(across)
    y.push(up)
  }
  if (x.at(-1) !== 1 || y.at(-1) !== 1) {
    x.push(1)
    y.push(1)
  }
  return { x, y }
}

function classTotals(labels: Float64Array, weights: Answers['weights']): [number, number] {
  const totals: [number, number] = [0, 0]
  for (let i = 0; i < labels.length; i++) totals[labels[i] === 1 ? 1 : 0] += weights?.[i] ?? 1
  return totals
}
