import { type Check, textOf } from '../csv/check.ts'
import { dateCheck } from '../csv/dates.ts'
import { excerptOf } from '../csv/excerpt.ts'
import { keyCheck } from '../csv/keys.ts'
import { floatCheck, intCheck } from '../csv/numbers.ts'
import { timestampCheck } from '../csv/timestamps.ts'
import { tokenSet } from '../csv/tokens.ts'
import { type CountedText, DistinctTexts } from './distinct-texts.ts'
import { foldedKey, KeySet } from './key-set.ts'
import { numberAt } from './number-at.ts'

/** What a text can be read as by the rules of the ingest. Each text is of exactly one kind. */
export type Kind = 'int' | 'float' | 'date' | 'timestamp' | 'localTime' | 'nullToken' | 'text'

/** Texts by which suppliers mean null. Only a person knows whether they do. */
export const NULL_TOKENS = [
  ...['', ' ', 'NULL', 'null', 'Null', 'NA', 'N/A', 'n/a', 'na', 'NaN', 'nan', 'None', 'none', 'nil'],
  ...['-', '--', '?', '.', '#N/A', '\\N'],
]

/** Numbers and dates by which suppliers mean null, although they are legal values. */
export const SENTINELS = [-1, -9, -99, -999, -9999, 99, 999, 9999, 99999, 999999] as const
export const SENTINEL_DATES = ['0001-01-01', '1900-01-01', '1970-01-01', '9999-12-31'] as const

/** Most distinct texts that are counted. */
export const MOST_DISTINCT = 64

/** What was seen in one column of a file. Plain data. */
export interface ColumnProfile {
  readonly name: string
  readonly rows: number
  readonly kinds: Readonly<Record<Kind, number>>
  /** Every distinct text; null when there are more than `MOST_DISTINCT`. */
  readonly distinct: readonly CountedText[] | null
  readonly nullTokens: readonly CountedText[]
  /** Least and largest number. */
  readonly range: { readonly low: number; readonly high: number } | null
  /** Of the numbers and dates that may be meant as null: how many there are, and the range of all other numbers. */
  readonly sentinels: readonly CountedText[]
  readonly rangeOfOthers: { readonly low: number; readonly high: number } | null
  /** Only of columns that were asked about as keys. */
  readonly key: KeyProfile | null
}

export interface KeyProfile {
  readonly unique: boolean
  /** Rows whose value cannot be a key: empty, too long, with characters that cannot be seen. */
  readonly illegal: number
  /** False when there are more keys than are told apart. */
  readonly judged: boolean
  /** Order plays no part. Null unless the column is unique and judged. */
  readonly fingerprint: string | null
  /** Keys that are another key but for case, blanks around it or their Unicode form, and one of them. */
  readonly variants: { readonly rows: number; readonly example: string } | null
}

const anyInt = intCheck({ name: '', type: 'int', optional: false })
const anyFloat = floatCheck({ name: '', type: 'float', optional: false })
const CHECKS: readonly (readonly [Kind, Check])[] = [
  ['int', anyInt],
  ['float', anyFloat],
  ['date', dateCheck],
  ['timestamp', timestampCheck({})],
  // A clock in UTC shows every time once.
  ['localTime', timestampCheck({ zone: 'UTC' })],
]
const isNullToken = tokenSet(NULL_TOKENS)
const isSentinelDate = tokenSet(SENTINEL_DATES)
const SENTINEL_NUMBERS: ReadonlySet<number> = new Set(SENTINELS)
/** A longer text is no number, date or instant that the ingest takes for one worth a look. */
const LONGEST_VALUE = 64

/** Whole numbers of up to so many digits are exact. */
const SAFE_DIGITS = 15

function isDigits(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = bytes[start] === 45 ? start + 1 : start; i < end; i++) if (bytes[i]! < 48 || bytes[i]! > 57) return false
  return anyInt(bytes, start, end) !== null
}

/** Reads every value of one column, in bounded memory. */
export class ColumnProfiler {
  readonly #name: string
  readonly #kinds: Record<Kind, number> = {
    int: 0,
    float: 0,
    date: 0,
    timestamp: 0,
    localTime: 0,
    nullToken: 0,
    text: 0,
  }
  readonly #distinct = new DistinctTexts(MOST_DISTINCT)
  readonly #nullTokens = new DistinctTexts(NULL_TOKENS.length)
  readonly #sentinels = new DistinctTexts(SENTINELS.length + SENTINEL_DATES.length)
  readonly #all = new Range()
  readonly #others = new Range()
  #last: readonly [Kind, Check] = CHECKS[0]!
  #keys: KeySet | null
  #folded: KeySet | null
  #unique: boolean
  #illegal = 0
  #variants = 0
  #variant = ''

  /** `asKey`: also whether its values are unique, which takes up to 128 MB. */
  constructor(name: string, asKey: boolean) {
    this.#name = name
    this.#unique = asKey
    this.#keys = asKey ? new KeySet() : null
    this.#folded = asKey ? new KeySet() : null
  }

  see(bytes: Uint8Array, start: number, end: number): void {
    const kind = this.#kindOf(bytes, start, end)
    this.#kinds[kind]++
    this.#distinct.add(bytes, start, end)
    if (kind === 'int' || kind === 'float') this.#number(numberAt(bytes, start, end), bytes, start, end)
    else if (kind === 'nullToken') this.#nullTokens.add(bytes, start, end)
    else if (kind === 'date' && isSentinelDate(bytes, start, end)) this.#sentinels.add(bytes, start, end)
    if (this.#keys) this.#key(bytes, start, end)
  }

  /** The kind of the value before is tried first: nearly always it is that again. */
  #kindOf(bytes: Uint8Array, start: number, end: number): Kind {
    if (end - start > LONGEST_VALUE) return 'text'
    if (start === end) return 'nullToken'
    // Letters begin none of the kinds that are tried.
    if (bytes[start]! >= 65) return isNullToken(bytes, start, end) ? 'nullToken' : 'text'
    // As a float it would lose its last digits, and so many digits are rather a name.
    if (end - start > SAFE_DIGITS && isDigits(bytes, start, end)) return 'text'
    if (this.#last[1](bytes, start, end) === null) return this.#last[0]
    for (const candidate of CHECKS) {
      if (candidate[1](bytes, start, end) !== null) continue
      // Whole numbers are floats, so a column with a fraction stays one of floats.
      if (!(candidate[0] === 'int' && this.#kinds.float > 0)) this.#last = candidate
      return candidate[0]
    }
    return isNullToken(bytes, start, end) ? 'nullToken' : 'text'
  }

  #number(value: number, bytes: Uint8Array, start: number, end: number): void {
    this.#all.add(value)
    if (SENTINEL_NUMBERS.has(value)) this.#sentinels.add(bytes, start, end)
    else this.#others.add(value)
  }

  #key(bytes: Uint8Array, start: number, end: number): void {
    if (keyCheck(bytes, start, end) !== null) this.#illegal++
    if (!this.#keys!.add(bytes, start, end)) {
      this.#unique = false
      return
    }
    const folded = foldedKey(bytes, start, end)
    if (this.#folded!.add(folded, 0, folded.length)) return
    if (this.#variants === 0) this.#variant = excerptOf(textOf(bytes, start, end))
    this.#variants++
  }

  profile(): ColumnProfile {
    const rows = Object.values(this.#kinds).reduce((sum, n) => sum + n, 0)
    return {
      name: this.#name,
      rows,
      kinds: this.#kinds,
      distinct: this.#distinct.texts(),
      nullTokens: this.#nullTokens.texts() ?? [],
      range: this.#all.seen(),
      sentinels: this.#sentinels.texts() ?? [],
      rangeOfOthers: this.#others.seen(),
      key: this.#keys && {
        unique: this.#unique,
        illegal: this.#illegal,
        judged: !this.#keys.full,
        fingerprint: this.#unique && !this.#keys.full ? this.#keys.fingerprint : null,
        variants: this.#variants === 0 ? null : { rows: this.#variants, example: this.#variant },
      },
    }
  }
}

class Range {
  #low = Number.POSITIVE_INFINITY
  #high = Number.NEGATIVE_INFINITY

  add(value: number): void {
    if (value < this.#low) this.#low = value
    if (value > this.#high) this.#high = value
  }

  seen(): { readonly low: number; readonly high: number } | null {
    return this.#low > this.#high ? null : { low: this.#low, high: this.#high }
  }
}
