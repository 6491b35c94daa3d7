import { hash } from 'node:crypto'

/**
 * Whether an entity of the training rows is left out of growing and watched instead:
 * `int(third 8 hex digits of sha256(key)) / 2^32 < fraction`. The first 8 say whether it is held out, the second its group in
 * statistics, so these say nothing of either.
 */
export function isWatched(key: string, fraction: number): boolean {
  return hash('sha256', key, 'buffer').readUInt32BE(8) / 0x1_0000_0000 < fraction
}

/** Follows the loss of rows that the trees do not see. */
export class StopWatcher {
  /** Round that had the least loss, from 1. */
  bestRound = 1
  private readonly patience: number
  private least = Number.POSITIVE_INFINITY
  private round = 0

  constructor(patience: number) {
    this.patience = patience
  }

  /** After each round: true when the last `patience` rounds have not lowered the loss. */
  isTime(loss: number): boolean {
    this.round++
    if (loss < this.least) {
      this.least = loss
      this.bestRound = this.round
    }
    return this.round - this.bestRound >= this.patience
  }
}
