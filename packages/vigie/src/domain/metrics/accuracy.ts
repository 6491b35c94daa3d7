/** 1 when a row is classified right, where class 1 is a score above the threshold; else 0. */
export function rightOfRow(y: number, score: number, threshold: number): 0 | 1 {
  return score > threshold === (y === 1) ? 1 : 0
}
