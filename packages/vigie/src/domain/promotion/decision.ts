/** `promote`, `keep` and `hold` speak for an outcome; `warn` and `pass` are there to be read. */
export type ReasonKind = 'promote' | 'keep' | 'hold' | 'warn' | 'pass'

/** One rule of the gate and what it found. */
export interface Reason {
  readonly kind: ReasonKind
  readonly code: string
  readonly value: number | string | null
  readonly bound: number | string | null
  /** A sentence with the numbers filled in. */
  readonly text: string
  /** What would change it. */
  readonly fix?: string
  /** Name of the slice that a `slice_harm` is about. */
  readonly slice?: string
  /** Smallest true gain that this holdout would prove with a probability of 80 %. */
  readonly minDetectableGain80?: number
}

/**
 * - `promote`: the challenger is proven better
 * - `keep`: it was judged and the champion stays; counts as a rejected challenger
 * - `hold`: it could not be judged; tried again when the named thing changes
 */
export type Outcome = 'promote' | 'keep' | 'hold'

export interface Decision {
  readonly outcome: Outcome
  /** One-sided error that this look could spend; null when there was no look to spend on. */
  readonly alpha: number | null
  /** Every rule, in a fixed order. */
  readonly reasons: readonly Reason[]
}

/** A hold outweighs a keep, a keep outweighs a promote, and nothing at all is a hold. */
export function outcomeOf(reasons: readonly Reason[]): Outcome {
  const order: readonly Outcome[] = ['hold', 'keep', 'promote']
  return order.find((outcome) => reasons.some(({ kind }) => kind === outcome)) ?? 'hold'
}
