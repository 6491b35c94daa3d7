import { hash } from 'node:crypto'
import { logistic } from './packed.ts'

/**
 * Whether an entity of the training rows is left out of growing and watched instead:
 * `int(third 8 hex digits of sha256(key)) / 2^32 < fraction`. The first 8 say whether it is held out, the second its group in
 * statistics, so these say nothing of either.
 */
export function isWatched(key: string, fraction: number): boolean {
  return hash('sha256', key, 'buffer').readUInt32BE(8) / 0x1_0000_0000 < fraction
}

/** Follows the log loss of rows that the trees do not see. */
export class StopWatcher {
  /** Trees that had the least loss; 1 at least. */
  bestRound = 1
  private readonly patience: number
  private readonly rows: Int32Array
  private readonly label: Uint8Array
  private readonly weights: readonly [number, number]
  private least = Number.POSITIVE_INFINITY
  private round = 0

  constructor(patience: number, rows: Int32Array, label: Uint8Array, weights: readonly [number, number]) {
    this.patience = patience
    this.rows = rows
    this.label = label
    this.weights = weights
  }

  /** After each round: true when the last `patience` rounds have not lowered the loss of the scores. */
  isTime(scores: Float64Array): boolean {
    this.round++
    const loss = this.logLoss(scores)
    if (loss < this.least) {
      this.least = loss
      this.bestRound = this.round
    }
    return this.round - this.bestRound >= this.patience
  }

  /** Weighted, of probabilities within [1e-15, 1 - 1e-15]. */
  private logLoss(scores: Float64Array): number {
    let loss = 0
    for (const row of this.rows) {
      const y = this.label[row]!
      const p = Math.min(Math.max(logistic(scores[row]!), 1e-15), 1 - 1e-15)
      loss -= this.weights[y as 0 | 1] * Math.log(y === 1 ? p : 1 - p)
    }
    return loss
  }
}
