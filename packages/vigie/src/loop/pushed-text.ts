import { createHash } from 'node:crypto'
import type { SourceContract } from '../domain/contract.ts'
import { VigieError } from '../errors.ts'

/** Rows that came over the wire: columns of equal length. */
export type PushedColumns = Readonly<Record<string, readonly (string | number | boolean | null)[]>>

/** Rows as the text of a file, and the contract by which it is checked as a delivered one would be. */
export interface PushedText {
  readonly text: string
  readonly contract: SourceContract
}

/** Names that Feast's client gives to the times of a row, whatever the view calls them. Without a zone they are UTC. */
const EVENT_TIME = 'event_timestamp'
const CREATED_TIME = 'created'

/**
 * Writes pushed rows as CSV under the contract of their source. What a contract says of a file as a whole is not asked of
 * rows between two files: the share of nulls, and columns that nothing reads.
 *
 * Rows of a snapshot view carry their own time in `event_timestamp`: they are made events for this once.
 *
 * @throws `body_invalid` when columns differ in length
 */
export function pushedText(source: SourceContract, columns: PushedColumns): PushedText {
  const renamed = underOurNames(source, columns)
  const names = Object.keys(renamed)
  const rows = renamed[names[0] ?? '']?.length ?? 0
  const uneven = names.find((name) => renamed[name]!.length !== rows)
  if (uneven !== undefined) {
    throw new VigieError('body_invalid', `column "${uneven.slice(0, 80)}" has ${renamed[uneven]!.length} rows`, {
      rule: `all columns of a data frame have the same length, here ${rows}`,
      value: uneven.slice(0, 80),
      field: '/df',
    })
  }
  // No text can be the hash of itself, so none of them means null by accident.
  const nullText = `null-${createHash('sha256').update(JSON.stringify(columns)).digest('hex').slice(0, 32)}`
  const lines = [names.map(cell).join()]
  for (let row = 0; row < rows; row++) lines.push(names.map((name) => cell(renamed[name]![row] ?? nullText)).join())
  return { text: `${lines.join('\n')}\n`, contract: contractOfRows(source, names, nullText) }
}

function underOurNames(source: SourceContract, columns: PushedColumns): PushedColumns {
  const { eventTime, createdTime } = source
  const declared = new Set(source.columns.map(({ name }) => name))
  const has = (name: string) => Object.hasOwn(columns, name)
  const entries = Object.entries(columns).flatMap(([name, values]) => {
    if (name === EVENT_TIME) return [[free(eventTime) ? eventTime : name, values.map(inUtc)] as const]
    if (name !== CREATED_TIME) return [[name, values] as const]
    if (free(createdTime)) return [[createdTime, values.map(inUtc)] as const]
    // Feast's client always sends it.
    return declared.has(name) ? [[name, values.map(inUtc)] as const] : []
  })
  return Object.fromEntries(entries)

  /** A time column of ours that does not come under its own name. */
  function free(name: string | null): name is string {
    return name !== null && !has(name)
  }
}

const NAIVE = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d+)?$/

function inUtc(value: string | number | boolean | null): string | number | boolean | null {
  return typeof value === 'string' && NAIVE.test(value) ? `${value}Z` : value
}

function contractOfRows(source: SourceContract, names: readonly string[], nullText: string): SourceContract {
  const columns = source.columns.map(({ maxNullRate: _, ...column }) => column)
  const eventTime = source.eventTime ?? EVENT_TIME
  const timed = source.eventTime === null ? columns.filter(({ name }) => name !== EVENT_TIME) : columns
  const made = source.eventTime === null ? [{ name: EVENT_TIME, type: 'timestamp', optional: false } as const] : []
  return {
    ...source,
    eventTime,
    columns: [...timed, ...made],
    unused: source.unused.filter((name) => names.includes(name)),
    nulls: [nullText],
    booleans: { true: ['true'], false: ['false'] },
  }
}

function cell(value: string | number | boolean): string {
  const text = String(value)
  return /[",\r\n]/.test(text) || text === '' ? `"${text.replaceAll('"', '""')}"` : text
}
