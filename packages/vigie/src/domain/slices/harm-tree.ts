import type { FeatureColumn, FeatureSpec } from '../feature-spec.ts'

/** One question about a row. A row without a value answers no. */
interface Question {
  readonly feature: number
  readonly kind: 'atMost' | 'is'
  readonly value: number
}

/** A leaf of the tree: what its rows answered on the way, and their mean. */
export interface Leaf {
  readonly path: readonly { readonly question: Question; readonly answer: boolean }[]
  readonly rows: number
  readonly mean: number
}

const DEPTH = 3
const THRESHOLDS = 32

/**
 * A small regression tree of `x` on the features, over `rows`: depth 3, leaves of at least `minLeaf` rows. Numbers are
 * split at up to 32 quantiles, categories one against the others.
 */
export function harmTree(
  spec: FeatureSpec,
  columns: readonly Float64Array[],
  x: Float64Array,
  rows: Int32Array,
  minLeaf: number,
): readonly Leaf[] {
  const questions = spec.map((column, feature) => questionsOf(column, feature, columns[feature]!, rows))
  const grow = (part: Int32Array, path: Leaf['path']): Leaf[] => {
    const best = path.length < DEPTH ? bestQuestion(questions, columns, x, part, minLeaf) : null
    if (best === null) return [{ path, rows: part.length, mean: sumOf(x, part) / part.length }]
    const column = columns[best.feature]!
    const side = (answer: boolean) =>
      grow(
        part.filter((row) => answers(best, column[row]!) === answer),
        [...path, { question: best, answer }],
      )
    return [...side(true), ...side(false)]
  }
  return grow(rows, [])
}

/** The rows among `rows` that end in a leaf. */
export function rowsOfLeaf(leaf: Leaf, columns: readonly Float64Array[], rows: Int32Array): Int32Array {
  return rows.filter((row) =>
    leaf.path.every(({ question, answer }) => answers(question, columns[question.feature]![row]!) === answer),
  )
}

/** `usage.hours <= 3 and plan is not basic`. */
export function leafName(leaf: Leaf, spec: FeatureSpec): string {
  return leaf.path
    .map(({ question: { feature, kind, value }, answer }) => {
      const { name, type, categories } = spec[feature]!
      if (kind === 'atMost') return `${name} ${answer ? '<=' : '>'} ${value}`
      const shown = type === 'category' ? (categories?.[value] ?? value) : value === 1
      return `${name} is ${answer ? '' : 'not '}${shown}`
    })
    .join(' and ')
}

function answers({ kind, value }: Question, cell: number): boolean {
  return kind === 'is' ? cell === value : cell <= value
}

function questionsOf(
  { type, categories }: FeatureColumn,
  feature: number,
  values: Float64Array,
  rows: Int32Array,
): readonly Question[] {
  if (type === 'category') return (categories ?? []).map((_, value) => ({ feature, kind: 'is', value }))
  if (type === 'boolean') return [{ feature, kind: 'is', value: 1 }]
  const known = Float64Array.from(rows, (row) => values[row]!)
    .filter((value) => !Number.isNaN(value))
    .sort()
  const cuts = new Set<number>()
  for (let k = 1; k <= THRESHOLDS && known.length > 0; k++) {
    cuts.add(known[Math.floor(((known.length - 1) * k) / (THRESHOLDS + 1))]!)
  }
  return [...cuts].map((value) => ({ feature, kind: 'atMost', value }))
}

/** The question whose answers differ most: greatest `n m^2` of both sides. Null when no side would have `minLeaf` rows. */
function bestQuestion(
  questions: readonly (readonly Question[])[],
  columns: readonly Float64Array[],
  x: Float64Array,
  rows: Int32Array,
  minLeaf: number,
): Question | null {
  const total = sumOf(x, rows)
  let best: Question | null = null
  // What no split at all would have: only what is better is a split.
  let most = total ** 2 / rows.length + 1e-15
  for (const [feature, asked] of questions.entries()) {
    const counted = countYes(asked, columns[feature]!, x, rows)
    for (const [k, question] of asked.entries()) {
      const yes = counted.rows[k]!
      const no = rows.length - yes
      if (yes < minLeaf || no < minLeaf) continue
      const value = counted.sums[k]! ** 2 / yes + (total - counted.sums[k]!) ** 2 / no
      if (value > most) {
        most = value
        best = question
      }
    }
  }
  return best
}

/** Rows that answer yes, and the sum of their x, for each question about one feature: one pass over the rows. */
function countYes(asked: readonly Question[], column: Float64Array, x: Float64Array, rows: Int32Array) {
  const counts = new Int32Array(asked.length)
  const sums = new Float64Array(asked.length)
  const ordered = asked[0]?.kind === 'atMost'
  for (const row of rows) {
    const cell = column[row]!
    const k = ordered ? firstAtLeast(asked, cell) : asked.findIndex(({ value }) => value === cell)
    if (k < 0 || k >= asked.length) continue
    counts[k]!++
    sums[k]! += x[row]!
  }
  // Questions about numbers ascend: who is at most a value is at most all later ones.
  for (let k = 1; ordered && k < asked.length; k++) {
    counts[k]! += counts[k - 1]!
    sums[k]! += sums[k - 1]!
  }
  return { rows: counts, sums }
}

function firstAtLeast(asked: readonly Question[], cell: number): number {
  if (Number.isNaN(cell)) return -1
  let low = 0
  let high = asked.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (asked[middle]!.value < cell) low = middle + 1
    else high = middle
  }
  return low
}

function sumOf(x: Float64Array, rows: Int32Array): number {
  let sum = 0
  for (const row of rows) sum += x[row]!
  return sum
}
