import { VigieError } from '../../errors.ts'
import type { TargetKind } from '../policy.ts'

/** The label column as it was read. */
export interface ReadLabels {
  readonly column: string
  /** Each row's text, as its number in `names`; null when there were more texts than classes can be. */
  readonly codes: Int32Array | null
  readonly names: readonly string[]
  /** Line on which each text stands first. */
  readonly firstLines: readonly number[]
  /** Each row as a number; null when one of them is none. */
  readonly numbers: Float64Array | null
}

/** What the user said of the labels. */
export interface SaidOfLabels {
  readonly task: TargetKind | null
  readonly positive: string | null
  readonly classes: readonly string[] | null
}

/** What the labels are, and in words how that was found out. */
export interface TakenLabels {
  readonly kind: TargetKind
  /** Binary: the negative and the positive; classes: in the order of the score columns; number: none. */
  readonly classes: readonly string[]
  readonly y: Float64Array
  readonly taken: string
}

const TRUE = new Set(['1', '1.0', 'true', 'True', 'TRUE'])
const FALSE = new Set(['0', '0.0', 'false', 'False', 'FALSE'])

/**
 * Reads labels as classes or numbers by what is certain: 0 and 1 (or true and false) are two classes, as many score
 * columns as classes are several, and more than two numbers are numbers. Everything else has to be said.
 *
 * @throws `label_unclear`
 */
export function takeLabels(labels: ReadLabels, scoreColumns: readonly string[], said: SaidOfLabels): TakenLabels {
  const kind = kindOf(labels, scoreColumns.length, said)
  if (kind === 'classes') return takeClasses(labels, scoreColumns, said)
  if (scoreColumns.length > 1) {
    unclear(labels, `${kind} labels have one score column`, `${scoreColumns.length} columns`, 'Name one with --score.')
  }
  return kind === 'binary' ? takeBinary(labels, said) : takeNumbers(labels, said)
}

function kindOf({ names, codes, numbers, column }: ReadLabels, scores: number, said: SaidOfLabels): TargetKind {
  if (said.task !== null) return said.task
  if (scores > 1) return 'classes'
  if (said.positive !== null) return 'binary'
  if (codes !== null && names.every((name) => TRUE.has(name) || FALSE.has(name))) return 'binary'
  if (numbers !== null && (codes === null || names.length > 2)) return 'number'
  return unclear(
    { column, names },
    'labels are 0 and 1, true and false, or more than two numbers, unless it is said what they are',
    shown(names),
    names.length > 2
      ? 'Give one score column a class: --score p_a,p_b,p_c with --classes a,b,c.'
      : 'Say which label is class 1: --positive <label>; or that they are numbers: --task number.',
  )
}

function takeBinary({ column, codes, names }: ReadLabels, { positive }: SaidOfLabels): TakenLabels {
  const isPositive = (name: string) => (positive === null ? TRUE.has(name) : name === positive)
  const isNegative = (name: string) => (positive === null ? FALSE.has(name) : name !== positive)
  const negatives = names.filter((name) => !isPositive(name))
  const fits = positive === null ? negatives.every(isNegative) : negatives.length <= 1
  if (codes === null || !fits) {
    const rule = positive === null ? 'labels of two classes are 0 and 1, or true and false' : 'there are two classes'
    unclear({ column, names }, rule, shown(names), 'Say which label is class 1, of two: --positive <label>.')
  }
  const y = Float64Array.from(codes, (code) => (isPositive(names[code]!) ? 1 : 0))
  const one = positive ?? names.find(isPositive) ?? '1'
  const other = negatives[0] ?? (positive === null ? '0' : `not ${positive}`)
  return { kind: 'binary', classes: [other, one], y, taken: `two classes, class 1 is "${one}"` }
}

function takeClasses(labels: ReadLabels, scoreColumns: readonly string[], said: SaidOfLabels): TakenLabels {
  const { codes, names, firstLines } = labels
  const classes = said.classes ?? classesByName(labels, scoreColumns)
  if (classes.length !== scoreColumns.length) {
    const value = `${classes.length} classes, ${scoreColumns.length} score columns`
    unclear(labels, 'there is one score column a class', value, 'Name as many with --score as with --classes.')
  }
  const index = new Map(classes.map((name, i) => [name, i]))
  const strange = names.findIndex((name) => !index.has(name))
  if (codes === null || strange !== -1) {
    const text = `line ${firstLines[strange] ?? 0}: "${names[strange]}"`
    unclear(
      labels,
      `labels are ${shown(classes)}`,
      text,
      'Give a score column and a name of --classes for every class.',
    )
  }
  const y = Float64Array.from(codes, (code) => index.get(names[code]!)!)
  return { kind: 'classes', classes, y, taken: `${classes.length} classes in the order ${shown(classes)}` }
}

/** `p_bird` or `bird` is the column of the class `bird`; whole numbers from 0 are the places of the columns. */
function classesByName(labels: ReadLabels, scoreColumns: readonly string[]): readonly string[] {
  const { names } = labels
  const found = scoreColumns.map((score) => names.filter((name) => score === name || score.endsWith(`_${name}`)))
  if (found.every(({ length }) => length === 1)) return found.map(([name]) => name!)
  const places = scoreColumns.map((_, i) => String(i))
  if (names.every((name) => places.includes(name))) return places
  return unclear(
    labels,
    'score columns are named after the classes (p_bird for bird), or the classes are told',
    `${shown(names)}; columns ${shown(scoreColumns)}`,
    'Name the classes in the order of the score columns: --classes a,b,c.',
  )
}

function takeNumbers({ column, numbers, names, firstLines }: ReadLabels, { task }: SaidOfLabels): TakenLabels {
  if (numbers === null) {
    const strange = names.findIndex((name) => !Number.isFinite(Number(name)))
    const value = strange === -1 ? 'texts' : `line ${firstLines[strange]}: "${names[strange]}"`
    unclear({ column, names }, 'labels are numbers', value, 'Correct the label, or leave out --task number.')
  }
  const why = task === null ? 'there are more than two of them' : 'as said'
  return { kind: 'number', classes: [], y: numbers, taken: `numbers (${why})` }
}

function unclear(
  { column, names }: Pick<ReadLabels, 'column' | 'names'>,
  rule: string,
  value: string,
  hint: string,
): never {
  const message = `it cannot be told what the labels of "${column}" are: ${value}`
  throw new VigieError('label_unclear', message, {
    rule,
    value: value.slice(0, 200),
    column,
    hint,
    labels: names.length,
  })
}

function shown(names: readonly string[]): string {
  const some = names.slice(0, 5).map((name) => `"${name.slice(0, 40)}"`)
  return names.length > 5 ? `${some.join(', ')} and ${names.length - 5} more` : some.join(', ')
}
