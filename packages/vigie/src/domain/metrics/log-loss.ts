/** Probabilities are clipped to [1e-15, 1 - 1e-15], so that one sure and wrong answer does not cost infinity. */
const CLIP = 1e-15

/**
 * Logarithmic loss of one row in nats: `-ln` of the probability that was given to the true class. Down is good; always
 * answering the base rate costs its entropy.
 */
export function logLossOfRow(y: number, p: number): number {
  const clipped = Math.min(Math.max(p, CLIP), 1 - CLIP)
  return y === 1 ? -Math.log(clipped) : -Math.log1p(-clipped)
}
