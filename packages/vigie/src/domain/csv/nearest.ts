/**
 * The candidate that a misspelt name most likely means: the same but for case and punctuation, or at most two typing
 * errors away and at most one in three characters. Null when none is near.
 */
export function nearest(name: string, candidates: readonly string[]): string | null {
  const plain = plainForm(name)
  const same = candidates.find((candidate) => plainForm(candidate) === plain)
  if (same !== undefined) return same
  let best: string | null = null
  let least = Number.POSITIVE_INFINITY
  for (const candidate of candidates) {
    const other = plainForm(candidate)
    const allowed = Math.min(2, Math.floor(Math.max(plain.length, other.length) / 3))
    if (Math.abs(plain.length - other.length) > allowed) continue
    const errors = typingErrors(plain, other)
    if (errors <= allowed && errors < least) {
      least = errors
      best = candidate
    }
  }
  return best
}

/** Letters and digits only, in lower case. */
export function plainForm(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}

/** Damerau-Levenshtein distance (optimal string alignment): insert, delete, replace, swap neighbours. */
function typingErrors(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row.push(
        Math.min(replaced, last[j]! + 1, row[j - 1]! + 1, swapped ? beforeLast[j - 2]! + 1 : Number.POSITIVE_INFINITY),
      )
    }
    beforeLast = last
    last = row
  }
  return last[b.length]!
}
