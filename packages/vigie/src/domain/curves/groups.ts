import { descendingOrder } from '../metrics/order.ts'

/** Rows that a model answered alike. */
export interface AnsweredGroup {
  readonly rows: number
  /** Mean answer. */
  readonly answered: number
  /** Mean truth: of class 1 its share. */
  readonly came: number
  /** 95 % interval of `came`. */
  readonly low: number
  readonly high: number
}

export const GROUPS = 10

/**
 * Rows in ten groups of about equal size by what a model answered, lowest first: calibration of probabilities, and for
 * numbers what was predicted beside what came. Rows with equal answers share a group, so there may be fewer.
 */
export function answeredGroups(
  answers: Float64Array,
  truth: Float64Array,
  intervalOf: (rows: number, mean: number, squares: number) => { readonly low: number; readonly high: number },
): readonly AnsweredGroup[] {
  const n = answers.length
  const order = descendingOrder(answers).reverse()
  const groups: AnsweredGroup[] = []
  let start = 0
  while (start < n) {
    // What is left is shared among the groups that are left.
    let end = start + Math.max(1, Math.round((n - start) / Math.max(1, GROUPS - groups.length)))
    while (end < n && answers[order[end]!] === answers[order[end - 1]!]) end++
    groups.push(groupOf(order.subarray(start, Math.min(end, n)), answers, truth, intervalOf))
    start = end
  }
  return groups
}

function groupOf(
  rows: Int32Array,
  answers: Float64Array,
  truth: Float64Array,
  intervalOf: (rows: number, mean: number, squares: number) => { readonly low: number; readonly high: number },
): AnsweredGroup {
  let [answered, came] = [0, 0]
  for (const row of rows) {
    answered += answers[row]! / rows.length
    came += truth[row]! / rows.length
  }
  let squares = 0
  for (const row of rows) squares += (truth[row]! - came) ** 2
  return { rows: rows.length, answered, came, ...intervalOf(rows.length, came, squares) }
}
