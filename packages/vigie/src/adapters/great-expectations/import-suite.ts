import { gates } from '../../define/gates.ts'
import type { ColumnContract, SourceContract } from '../../domain/contract.ts'
import { excerptOf } from '../../domain/csv/excerpt.ts'
import { isLegalName, LEGAL_NAME } from '../../domain/legal-name.ts'
import { completeDraft } from '../../domain/proposal/complete-draft.ts'
import { type FileDraft, type ImportedDraft, plainView, type Unexpressed } from '../../domain/proposal/draft.ts'
import { legalised } from '../../domain/proposal/file-profile.ts'
import { VigieError } from '../../errors.ts'
import { COLUMN_EXPECTATIONS } from './column-expectations.ts'
import { Demands } from './demands.ts'
import { settledColumn } from './settled-column.ts'
import { type Expectation, readSuite } from './suite.ts'
import { TABLE_EXPECTATIONS } from './table-expectations.ts'

/**
 * A Great Expectations 1.x suite as a draft of a definition: one file whose deliveries get the verdict that the suite
 * gives them. Every expectation is a rule of the draft, or is listed with the reason why there are no words for it.
 * A suite knows neither the file nor the key: `source` names the file (default: the suite's name), `key` the column
 * (default: the one whose values are never null and unique).
 *
 * @throws `contract_invalid`, `no_entity_key`
 */
export function importSuite(
  parsed: unknown,
  given: {
    readonly key: string | undefined
    readonly source: string | undefined
    readonly first: string
    readonly firstNote: string
  },
): ImportedDraft {
  const { name, expectations } = readSuite(parsed)
  const source = given.source ?? sourceNamed(name)
  const { demands, unexpressed } = demandsOf(expectations, source)
  const key = given.key ?? keyOf(demands)
  const file = fileOf(demands, source, key, unexpressed)
  const snapshots = { first: given.first }
  const draft = completeDraft({
    name: legalised(name) ?? source,
    snapshots,
    firstNote: given.firstNote,
    key,
    files: [file],
  })
  return { draft, unexpressed }
}

/** The file that a suite of this name is about: `usage_suite` is about `usage`. */
export function sourceNamed(suite: string): string {
  return legalised(suite.replace(/[._-]?(suite|expectations?|warnings?)$/i, '')) ?? 'data'
}

/** What the expectations demand of a file together, and which of them have no words. */
export function demandsOf(
  expectations: readonly Expectation[],
  source: string,
): { readonly demands: Demands; readonly unexpressed: Unexpressed[] } {
  const demands = new Demands()
  const unexpressed: Unexpressed[] = []
  for (const expectation of expectations) {
    const { type, kwargs, severity } = expectation
    const say = Object.hasOwn(COLUMN_EXPECTATIONS, type)
      ? COLUMN_EXPECTATIONS[type]
      : Object.hasOwn(TABLE_EXPECTATIONS, type)
        ? TABLE_EXPECTATIONS[type]
        : undefined
    const why =
      kwargs.row_condition != null
        ? 'it is about some rows only; a row rule with `when` may say it'
        : hasParameters(kwargs)
          ? 'its values are parameters that come with each run'
          : say
            ? say(demands, kwargs, severity === 'critical' ? 'reject' : 'hold')
            : 'it is not one of the expectations that are known here'
    if (why !== null) unexpressed.push({ place: placeOf(source, kwargs), rule: textOf(expectation), why })
  }
  return { demands, unexpressed }
}

/** `{"$PARAMETER": "name"}` stands for a value of each run. */
function hasParameters(kwargs: Readonly<Record<string, unknown>>): boolean {
  return Object.values(kwargs).some((value) => typeof value === 'object' && value !== null && '$PARAMETER' in value)
}

function placeOf(source: string, kwargs: Readonly<Record<string, unknown>>): string {
  return typeof kwargs.column === 'string' ? `${source}.${excerptOf(kwargs.column)}` : source
}

const UNTOLD = new Set(['column', 'batch_id'])

/** `expect_column_mean_to_be_between(min_value: 1, max_value: 2)` */
export function textOf({ type, kwargs }: Expectation): string {
  const told = Object.entries(kwargs).filter(([name, value]) => !UNTOLD.has(name) && value != null)
  const text = told.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(', ')
  return excerptOf(`${type}(${text})`).slice(0, 160)
}

/**
 * The first column that is never null and unique.
 *
 * @throws `no_entity_key`
 */
export function keyOf(demands: Demands): string {
  const first = [...demands.columns].find(([, column]) => column.required && column.unique)
  if (first) return first[0]
  throw new VigieError('no_entity_key', 'no column of the suite is both unique and never null', {
    rule: 'the key of a file is unique and never null',
    value: [...demands.columns.keys()].slice(0, 10).map(excerptOf).join(', ').slice(0, 200),
  })
}

/** The declaration of a file of which that is demanded. */
export function fileOf(demands: Demands, source: string, key: string, unexpressed: Unexpressed[]): FileDraft {
  const cannot = (place: string, rule: string, why: string) => unexpressed.push({ place, rule, why })
  const columns: ColumnContract[] = []
  const unused: string[] = []
  const columnNotes: Record<string, string> = {}
  for (const [name, demanded] of demands.columns) {
    if (name === key) continue
    if (!isLegalName(name)) {
      throw new VigieError('contract_invalid', `a column cannot be called "${excerptOf(name)}"`, {
        rule: LEGAL_NAME,
        value: excerptOf(name),
        hint: `Rename the column where the file is made${legalised(name) ? `, for example to "${legalised(name)}"` : ''}, and in the suite.`,
      })
    }
    const settled = settledColumn(name, demanded)
    for (const why of settled.unexpressed) cannot(`${source}.${name}`, why.rule, why.why)
    if (settled.column === null) unused.push(name)
    else columns.push(settled.column)
    if (settled.note) columnNotes[name] = settled.note
  }
  const types = new Map(columns.map((column) => [column.name, column]))
  const rules = demands.rules.filter(({ name, that }) => {
    const [left, right] = [that.left, 'column' in that.right ? that.right.column : that.left].map((c) => types.get(c))
    const comparable =
      that.kind === 'requires' || (left?.type !== 'string' && right?.type !== 'string' && kind(left) === kind(right))
    // What is never null comes with everything.
    if (that.kind === 'requires' && (that.right.column === key || right?.optional === false)) return false
    if (left && right && comparable) return true
    cannot(source, name, 'a row rule compares two columns of one type, neither the key nor text')
    return false
  })
  for (const names of demands.compound) {
    if (!names.includes(key))
      cannot(source, `${names.join(', ')} are unique together`, 'only the key, and single columns, are unique')
    else if (names.length > 1) {
      cannot(
        source,
        `${names.join(', ')} are unique together`,
        `said more strictly: ${key} alone is unique, unless the file has an eventTime`,
      )
    }
  }
  for (const columnCount of demands.columnCounts) {
    if (columnCount === demands.columns.size) demands.extra = 'reject'
    else
      cannot(
        source,
        `${columnCount} columns`,
        `the suite names ${demands.columns.size} columns; list the others as unused`,
      )
  }
  const contract: SourceContract = {
    name: source,
    key,
    eventTime: null,
    createdTime: null,
    columns: [{ name: key, type: 'string', optional: false }, ...columns],
    unused,
    extra: demands.extra,
    nulls: [''],
    booleans: { true: ['True', 'true'], false: ['False', 'false'] },
    listedIn: null,
    ...(rules.length > 0 ? { rules } : {}),
  }
  const notes = [`${key} is the key: never empty, and once in a file.`]
  return { contract, role: plainView(source), gates: { ...gates(), rowCount: demands.rowCount }, notes, columnNotes }
}

const kind = (column: ColumnContract | undefined): string | undefined =>
  column?.type === 'int' ? 'float' : column?.type
