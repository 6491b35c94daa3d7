import type { ColumnContract } from '../contract.ts'
import type { ColumnProfile } from './column-profile.ts'
import type { CountedText } from './distinct-texts.ts'
import { outward } from './outward.ts'

/** Texts by which suppliers write true and false. */
export const BOOLEANS: readonly (readonly [string, string])[] = [
  ...([
    ['True', 'False'],
    ['true', 'false'],
    ['TRUE', 'FALSE'],
    ['Yes', 'No'],
    ['yes', 'no'],
    ['YES', 'NO'],
  ] as const),
  ...([
    ['Y', 'N'],
    ['y', 'n'],
    ['T', 'F'],
    ['t', 'f'],
  ] as const),
]
/** True and false where the column can be nothing else: a label. */
export const ZERO_ONE: readonly [string, string] = ['1', '0']

/** Most values of a category that is proposed. */
const MOST_CATEGORIES = 20

/** What one column can be declared as, before the tokens of its file are settled. */
export type Reading =
  | {
      readonly kind: 'typed'
      readonly column: ColumnContract
      readonly nulls: readonly string[]
      readonly note: string
    }
  | { readonly kind: 'boolean'; readonly tokens: readonly [string, string]; readonly nulls: readonly string[] }
  | { readonly kind: 'category'; readonly texts: readonly CountedText[] }
  | { readonly kind: 'text'; readonly note: string }

/** Every value of the column decides, by the rules of the ingest; nothing is typed by most of its values. */
export function readColumn(profile: ColumnProfile, rows: number): Reading {
  const { name, kinds } = profile
  const nulls = profile.nullTokens.map(({ text }) => text)
  const optional = kinds.nullToken > 0
  const values = rows - kinds.nullToken
  const typed = (column: Omit<ColumnContract, 'name' | 'optional'>, note: string): Reading => ({
    kind: 'typed',
    column: { name, optional, ...column },
    nulls,
    note: [note, ...(optional ? [`${kinds.nullToken} of ${rows} null`] : [])].filter(Boolean).join(', '),
  })
  if (values === 0) return { kind: 'text', note: 'no value at all' }
  if (kinds.int + kinds.float === values) {
    const seen = profile.range!
    const type = kinds.float > 0 ? 'float' : 'int'
    return typed({ type, ...safe(type, outward(seen)) }, seenText(seen))
  }
  if (kinds.date === values) return typed({ type: 'date' }, '')
  if (kinds.timestamp === values) return typed({ type: 'timestamp' }, '')
  if (kinds.timestamp + kinds.localTime === values) {
    return typed({ type: 'timestamp', zone: 'UTC' }, 'TODO: the zone of times without an offset; UTC is a guess')
  }
  return readText(profile, rows)
}

function readText(profile: ColumnProfile, rows: number): Reading {
  const texts = profile.distinct
  if (texts === null) return { kind: 'text', note: textNote(profile, 'more than 64 different texts') }
  const nulls = profile.nullTokens.map(({ text }) => text)
  const values = texts.filter(({ text }) => !nulls.includes(text))
  const tokens = BOOLEANS.find((pair) => values.every(({ text }) => pair.includes(text)))
  if (tokens) return { kind: 'boolean', tokens, nulls }
  return isCategory(texts.length, rows)
    ? { kind: 'category', texts }
    : { kind: 'text', note: textNote(profile, `${texts.length} different texts`) }
}

/** Less than 1 % of the rows; in a small delivery a tenth, for 1 % of it would be nothing. */
function isCategory(distinct: number, rows: number): boolean {
  return distinct <= MOST_CATEGORIES && distinct < (rows < 2000 ? Math.min(20.1, rows / 10) : rows / 100)
}

function textNote({ kinds, rows }: ColumnProfile, otherwise: string): string {
  const numbers = kinds.int + kinds.float
  return numbers > 0 && kinds.text > 0 ? `${numbers} numbers and ${rows - numbers} other texts` : otherwise
}

function seenText({ low, high }: { readonly low: number; readonly high: number }): string {
  const short = (x: number) => (Number.isInteger(x) ? x : Number(x.toPrecision(6)))
  return low === high ? `${short(low)} in every row` : `seen ${short(low)} to ${short(high)}`
}

/** Bounds of ints are whole numbers that float64 holds exactly. */
function safe(type: 'int' | 'float', range: { readonly min: number; readonly max: number }): typeof range {
  if (type === 'float') return range
  return { min: Math.max(range.min, Number.MIN_SAFE_INTEGER), max: Math.min(range.max, Number.MAX_SAFE_INTEGER) }
}
