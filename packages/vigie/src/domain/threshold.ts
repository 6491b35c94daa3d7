/** How the threshold of a binary model is chosen when it is fitted. */
export interface BestF1 {
  readonly kind: 'bestF1'
  /** Parts of the training entities, each of which is scored by a model that was fitted on the others. */
  readonly folds: number
}

/** The threshold with the best F1 on scores of training rows by models that were fitted without them; never on the holdout. */
export function bestF1({ folds = 5 }: { readonly folds?: number } = {}): BestF1 {
  return { kind: 'bestF1', folds }
}

/**
 * The threshold above which rows are flagged with the best F1 of class 1. Half-way between the last score that is flagged
 * and the next; with equal F1 the highest.
 *
 * @param y 0 or 1 a row
 * @param score probabilities of class 1
 * @param weight of each row, above 0; null: all count the same
 */
export function bestF1Threshold(y: Float64Array, score: Float64Array, weight: Float64Array | null): number {
  const order = Uint32Array.from({ length: y.length }, (_, i) => i).sort((a, b) => score[b]! - score[a]! || a - b)
  let positives = 0
  for (let i = 0; i < y.length; i++) positives += (weight === null ? 1 : weight[i]!) * y[i]!
  let flagged = 0
  let hits = 0
  let best = -1
  let threshold = 0.5
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!
    const w = weight === null ? 1 : weight[row]!
    flagged += w
    hits += w * y[row]!
    const here = score[row]!
    const next = i + 1 < order.length ? score[order[i + 1]!]! : 0
    // Rows of one score are flagged together, and one of score 0 never.
    if (next === here || here === 0) continue
    const f1 = (2 * hits) / (flagged + positives)
    if (f1 > best) {
      best = f1
      threshold = halfWay(next, here)
    }
  }
  return threshold
}

/** Below `high` whatever rounding does, so that `high` is flagged. */
function halfWay(low: number, high: number): number {
  const middle = low + (high - low) / 2
  return middle < high ? middle : low
}
