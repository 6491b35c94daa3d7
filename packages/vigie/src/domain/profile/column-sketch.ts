import { asOf, asOfDays } from '../as-of.ts'
import type { ColumnContract, SourceContract } from '../contract.ts'
import { LABEL_CHARACTERS, profileLabels } from './label-column.ts'
import { type NumberColumn, profileNumbers } from './number-column.ts'
import type { ColumnProfile } from './table-profile.ts'

/** Most values that are remembered of a column of numbers, and most different texts of any other. */
const MOST_NUMBERS = 50_000
const MOST_LABELS = 1000

/** Gathers what a column of a file that was refused holds, text by text, in bounded memory. Nothing is an error here. */
export class ColumnSketch {
  readonly #column: ColumnContract
  readonly #nulls: ReadonlySet<string>
  readonly #numbers: Evenly | null
  readonly #labels = new Map<string, number>()
  #nullRows = 0

  constructor(column: ColumnContract, { nulls }: Pick<SourceContract, 'nulls'>) {
    this.#column = column
    this.#nulls = new Set(nulls)
    this.#numbers = isNumeric(column.type) ? new Evenly(MOST_NUMBERS) : null
  }

  see(text: string): void {
    if (this.#nulls.has(text)) this.#nullRows++
    else if (this.#numbers) this.#see(this.#numbers, text)
    else this.#count(text.slice(0, LABEL_CHARACTERS))
  }

  /** Texts that are no numbers are left out: the rule that they break says how many they are. */
  #see(numbers: Evenly, text: string): void {
    const value = numberOf(this.#column.type, text)
    if (Number.isFinite(value)) numbers.add(value)
  }

  #count(label: string): void {
    const seen = this.#labels.get(label)
    if (seen !== undefined || this.#labels.size < MOST_LABELS) this.#labels.set(label, (seen ?? 0) + 1)
  }

  profile(): ColumnProfile {
    const { name, type } = this.#column
    if (this.#numbers) {
      const column = { type: type as NumberColumn['type'], values: this.#numbers.values() }
      return { name, type: column.type, ...profileNumbers(column), nulls: this.#nullRows }
    }
    return { name, type: type === 'boolean' ? 'boolean' : 'text', ...profileLabels(this.#labels, this.#nullRows) }
  }
}

function isNumeric(type: ColumnContract['type']): type is NumberColumn['type'] {
  return type === 'int' || type === 'float' || type === 'date' || type === 'timestamp'
}

function numberOf(type: ColumnContract['type'], text: string): number {
  if (type === 'date') return daysOf(text)
  if (type === 'timestamp') return daysOf(text) * 86_400_000_000 + timeOf(text)
  return text.trim() === '' ? Number.NaN : Number(text)
}

function daysOf(text: string): number {
  try {
    return asOfDays(asOf(text.slice(0, 10)))
  } catch {
    return Number.NaN // no date of the calendar, which is what is said of it elsewhere
  }
}

/** Microseconds since midnight on the clock of the text: an offset is too little to be seen in a picture. */
function timeOf(text: string): number {
  const [, hours = 0, minutes = 0, seconds = 0] = /[T ](\d\d):(\d\d)(?::(\d\d))?/.exec(text) ?? []
  return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1_000_000
}

/** Every n-th of the values that came, where n doubles each time when there are too many. */
class Evenly {
  readonly #most: number
  #kept: number[] = []
  #every = 1
  #seen = 0

  constructor(most: number) {
    this.#most = most
  }

  add(value: number): void {
    if (this.#seen++ % this.#every !== 0) return
    if (this.#kept.length === this.#most) {
      this.#kept = this.#kept.filter((_, i) => i % 2 === 0)
      this.#every *= 2
      if ((this.#seen - 1) % this.#every !== 0) return
    }
    this.#kept.push(value)
  }

  values(): Float64Array {
    return Float64Array.from(this.#kept)
  }
}
