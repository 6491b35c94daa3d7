/**
 * Jensen-Shannon distance of two sets of shares over the same bins: the square root of the divergence in natural
 * logarithms (Endres and Schindelin 2003; scipy's `jensenshannon`). 0 for equal shares, sqrt(ln 2) = 0.8326 when no
 * bin is in both. Empty bins need no filling.
 */
export function jensenShannon(reference: Float64Array, current: Float64Array): number {
  let divergence = 0
  for (let i = 0; i < reference.length; i++) {
    const p = reference[i]!
    const q = current[i]!
    const middle = (p + q) / 2
    if (p > 0) divergence += p * Math.log(p / middle)
    if (q > 0) divergence += q * Math.log(q / middle)
  }
  // Rounding can leave a sum of almost equal shares a little below 0.
  return Math.sqrt(Math.max(0, divergence / 2))
}
