import { type ErrorCode, hasCode } from '../../errors.ts'
import type { FeatureColumn } from '../feature-spec.ts'
import { type ColumnKind, columnPair } from './column-pair.ts'
import { defaultTest } from './default-test.ts'
import { driftTests, isDrifted, type TestName } from './drift-tests.ts'
import type { FileColumn, FileColumnType } from './file-column.ts'
import { type ColumnDrift, columnDrift } from './report.ts'

/** Which tests are asked for, beside the default one, which decides. */
export type AskedTests = 'auto' | 'all' | readonly TestName[]

export interface WhyNot {
  readonly code: ErrorCode
  readonly message: string
}

/** A score that is no finite number is null: it is not known whether that is drift. */
export type TestResult =
  | { readonly score: number; readonly drifted: boolean; readonly threshold: number }
  | { readonly score: null; readonly drifted: null; readonly threshold: number; readonly reason: string }
  | { readonly error: WhyNot }

/** A column of two files compared. */
export interface FileColumnDrift {
  readonly name: string
  readonly type: FileColumnType
  readonly defaultTest: TestName | null
  readonly tests: Readonly<Partial<Record<TestName, TestResult>>>
  /** Null when the column could be judged. */
  readonly error: WhyNot | null
  /** The verdict by the default test with what is needed to draw it; null when there is an error. */
  readonly judged: ColumnDrift | null
}

/**
 * Judges one column of two files by Evidently's default test, and by the others that are asked for and made for its type.
 * Numbers that are to be labels are compared by value, so 1 and 1.0 are one label.
 */
export function fileColumnDrift({
  type,
  reference,
  current,
  tests,
}: {
  readonly type: FileColumnType
  readonly reference: FileColumn
  readonly current: FileColumn
  readonly tests: AskedTests
}): FileColumnDrift {
  const { name } = current
  const column = { name, type, defaultTest: null, tests: {}, judged: null }
  const why = notComparable(type, reference, current)
  if (why !== null) return { ...column, error: why }
  const kind = type as ColumnKind
  const whole = reference.holds === 'integers' && current.holds === 'integers'
  const { before, now, categories } = kind === 'num' ? numbersOf(reference, current) : labelsOf(reference, current)
  const feature: Pick<FeatureColumn, 'name' | 'type' | 'categories'> =
    kind === 'cat' ? { name, type: 'category', categories } : { name, type: whole ? 'int' : 'float' }
  const judged = columnDrift(feature, before, now)
  if ('code' in judged && judged.code === 'column_without_values') {
    return { ...column, error: { code: judged.code, message: judged.why } }
  }
  const pair = columnPair(kind, before, now, whole)
  const decides = defaultTest(pair)
  const wanted = new Set<TestName>([decides, ...asked(tests, kind)])
  return {
    ...column,
    defaultTest: decides,
    tests: Object.fromEntries([...wanted].map((test) => [test, resultOf(test, () => driftTests[test].score(pair))])),
    ...('code' in judged ? { error: { code: judged.code, message: judged.why } } : { error: null, judged }),
  }
}

function asked(tests: AskedTests, kind: ColumnKind): readonly TestName[] {
  if (tests === 'auto') return []
  const named = tests === 'all' ? (Object.keys(driftTests) as TestName[]) : tests
  return named.filter((test) => (driftTests[test].kinds as readonly ColumnKind[]).includes(kind))
}

function resultOf(test: TestName, scored: () => number): TestResult {
  const { threshold } = driftTests[test]
  try {
    const score = scored()
    if (Number.isFinite(score)) return { score, drifted: isDrifted(score, driftTests[test]), threshold }
    const reason = Number.isNaN(score) ? 'it is not defined for these values' : 'it is infinite for these values'
    return { score: null, drifted: null, threshold, reason }
  } catch (error) {
    if (!hasCode(error)) throw error
    return { error: { code: error.code, message: error.message } }
  }
}

function notComparable(type: FileColumnType, reference: FileColumn, current: FileColumn): WhyNot | null {
  const message = NOT_JUDGED[type]
  if (message !== null) return { code: 'column_not_testable', message }
  if (type === 'cat') return null
  for (const [side, { names, numbers }] of [
    ['reference', reference],
    ['current', current],
  ] as const) {
    if (numbers !== null) continue
    const value = names.find((text) => Number.isNaN(Number(text))) ?? names[0] ?? ''
    return {
      code: 'not_a_number',
      message: `the ${side} column of numbers holds ${JSON.stringify(value.slice(0, 40))}`,
    }
  }
  return null
}

const NOT_JUDGED: Readonly<Record<FileColumnType, string | null>> = {
  num: null,
  cat: null,
  text: 'texts are not compared; as "cat" in --schema their values would be labels',
  datetime: 'times are not compared',
  unknown: 'booleans with nulls have no type to Evidently; "cat" in --schema judges them',
}

function numbersOf(reference: FileColumn, current: FileColumn) {
  return { before: reference.numbers!, now: current.numbers!, categories: [] }
}

/** Codes of the labels of both files in ascending order, NaN for none. */
function labelsOf(reference: FileColumn, current: FileColumn) {
  const { numbers: before } = reference
  const { numbers: now } = current
  if (before === null || now === null) return codesOf(textsOf(reference), textsOf(current), (a, b) => (a < b ? -1 : 1))
  const text = reference.holds === 'booleans' && current.holds === 'booleans' ? (x: number) => BOOLEANS[x]! : String
  return codesOf({ values: before, of: finite }, { values: now, of: finite }, (a, b) => a - b, text)
}

const BOOLEANS = ['False', 'True']
// Adding 0 makes -0 the same label as 0.
const finite = (value: number): number | null => (Number.isFinite(value) ? value + 0 : null)

interface Side<T> {
  readonly values: Float64Array | Int32Array
  of(value: number): T | null
}

function textsOf({ holds, numbers, codes, names }: FileColumn): Side<string> {
  if (codes !== null) return { values: codes, of: (code) => names[code] ?? null }
  const text = holds === 'booleans' ? (value: number) => BOOLEANS[value]! : String
  return { values: numbers!, of: (value) => (Number.isNaN(value) ? null : text(value)) }
}

function codesOf<T extends string | number>(
  reference: Side<T>,
  current: Side<T>,
  ascending: (a: T, b: T) => number,
  text: (label: T) => string = String,
) {
  const seen = new Set<T>()
  for (const { values, of } of [reference, current]) {
    for (const value of values) {
      const label = of(value)
      if (label !== null) seen.add(label)
    }
  }
  const labels = [...seen].sort(ascending)
  const place = new Map(labels.map((label, i) => [label, i]))
  const coded = ({ values, of }: Side<T>) =>
    Float64Array.from(values, (value) => {
      const label = of(value)
      return label === null ? Number.NaN : place.get(label)!
    })
  return { before: coded(reference), now: coded(current), categories: labels.map(text) }
}
