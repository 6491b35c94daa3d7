/**
 * Error that one look at the holdout may spend (one-sided), of `alpha` in all over a champion's reign: half on the
 * first look, the rest evenly on looks 2 to `looks`, nothing after. By the union bound a challenger that is not better
 * wins within the reign with probability at most `alpha`, however the looks depend on each other.
 *
 * The first look takes half because its bound is then the lower end of the ordinary 95 % interval.
 */
export function alphaOfLook(look: number, alpha: number, looks: number): number {
  if (look === 1) return alpha / 2
  return look <= looks ? alpha / 2 / (looks - 1) : 0
}

/** What the looks up to this one have spent together. */
export function alphaSpent(look: number, alpha: number, looks: number): number {
  return alpha / 2 + (Math.min(look, looks) - 1) * alphaOfLook(2, alpha, looks)
}

/** One evaluation on holdout labels. Days since 1970. */
export interface Look {
  readonly challenger: string
  readonly rowsHash: string
  readonly metric: string
  /** First day on which labels of the evaluated window matured. */
  readonly windowStart: number
}

const EPOCH_DAYS = 365

/** Which year of a reign a window matured in, from 0. Days since 1970. */
export function yearOfReign(windowStart: number, reignBegan: number): number {
  return Math.max(0, Math.floor((windowStart - reignBegan) / EPOCH_DAYS))
}

/**
 * The number of a look within the champion's reign, from 1. `earlier` are the looks of the reign in their order; a look
 * that is among them keeps its number. The count begins again when the window matured wholly after the year in which
 * the earlier ones did. Only a promotion by the gate begins a new reign: no rollback, manual move or change of salt.
 */
export function numberOfLook(look: Look, earlier: readonly Look[], reignBegan: number): number {
  const epoch = ({ windowStart }: Look) => yearOfReign(windowStart, reignBegan)
  const sameEpoch = earlier.filter((other) => epoch(other) === epoch(look))
  const repeated = sameEpoch.findIndex(
    (other) => other.challenger === look.challenger && other.rowsHash === look.rowsHash && other.metric === look.metric,
  )
  return repeated === -1 ? sameEpoch.length + 1 : repeated + 1
}
