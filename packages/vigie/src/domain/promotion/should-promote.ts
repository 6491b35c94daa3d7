/**
 * The reference stack's rule: promote when there is no champion, or the new AUC is above the champion's by more than
 * `delta`. It knows no uncertainty: of two equal models compared weekly it promotes one in 59 to 100 % of years.
 * Here for comparison; the loop decides by `decidePromotion`.
 */
export function shouldPromote(newAuc: number, prodAuc: number | null, delta: number): boolean {
  return prodAuc === null ? Number.isFinite(newAuc) : newAuc > prodAuc + delta
}
