import type { ErrorCode } from '../../errors.ts'
import { textOf } from '../csv/check.ts'
import { excerptOf } from '../csv/excerpt.ts'
import { nearest } from '../csv/nearest.ts'
import { floatCheck, readNumber } from '../csv/numbers.ts'
import { refusal } from '../csv/refusal.ts'
import type { RowSink } from '../csv/scanner.ts'
import { GrowingCodes, GrowingFloats } from './growing.ts'
import type { PredictionColumns, Predictions } from './predictions.ts'

/** More texts than this are no classes. */
const MOST_CLASSES = 1000
const isNumber = floatCheck({ name: '', type: 'float', optional: false })

/** Takes one value of a column. */
type Take = (bytes: Uint8Array, start: number, end: number, line: number) => void

/**
 * Keeps the named columns of a file of predictions, and refuses what cannot be evaluated: a column that is not there, a
 * row of another width, a label or score that is missing, a score that is no finite number, a weight below 0. Memory is a
 * few bytes a row and column; other columns cost nothing.
 */
export class PredictionRows implements RowSink {
  readonly #file: string
  readonly #columns: PredictionColumns
  #header: string[] | null = null
  readonly #names: string[] = []
  #takes: (Take | undefined)[] = []
  #rows = 0
  readonly #score: GrowingFloats[]
  readonly #against: GrowingFloats[]
  readonly #weights: GrowingFloats
  readonly #labelCodes = new GrowingCodes()
  readonly #labelNumbers = new GrowingFloats()
  readonly #entities = new GrowingCodes()
  readonly #slices: GrowingCodes[]

  constructor(file: string, columns: PredictionColumns) {
    this.#file = file
    this.#columns = columns
    this.#score = columns.score.map(() => new GrowingFloats())
    this.#against = columns.against.map(() => new GrowingFloats())
    this.#weights = new GrowingFloats()
    this.#slices = columns.slices.map(() => new GrowingCodes())
  }

  field(index: number, bytes: Uint8Array, start: number, end: number, line: number): void {
    if (this.#header === null) this.#names.push(textOf(bytes, start, end))
    else this.#takes[index]?.(bytes, start, end, line)
  }

  row(fields: number, line: number): void {
    if (this.#header === null) {
      this.header(this.#names)
      return
    }
    if (fields !== this.#header.length) {
      this.#refuse('ragged_row', line, undefined, {
        text: `${fields} fields, the header has ${this.#header.length}`,
        rule: 'each row has as many fields as the header',
        value: `${fields} fields`,
        hint: 'Write every row with all columns.',
      })
    }
    this.#rows++
  }

  columnName(index: number): string | undefined {
    return this.#header?.[index]
  }

  /** The column names, once. Names that are asked for have to be there, and only once. */
  header(names: readonly string[]): void {
    this.#header = [...names]
    const { label, score, against, weight, entity, slices } = this.#columns
    this.#takes = names.map(() => undefined)
    this.#take(label, this.#label)
    for (const [i, name] of score.entries()) this.#take(name, this.#number(name, this.#score[i]!, 'score'))
    for (const [i, name] of against.entries()) this.#take(name, this.#number(name, this.#against[i]!, 'score'))
    if (weight !== null) this.#take(weight, this.#number(weight, this.#weights, 'weight'))
    if (entity !== null) this.#take(entity, this.#text(entity, this.#entities))
    for (const [i, name] of slices.entries()) this.#take(name, this.#slice(this.#slices[i]!))
  }

  end(): Predictions {
    if (this.#header === null || this.#rows === 0) {
      this.#refuse(this.#header === null ? 'empty_file' : 'no_rows', undefined, undefined, {
        text: this.#header === null ? 'the file is empty' : 'there is no row behind the header',
        rule: 'a file of predictions has a header and rows',
        value: '0 rows',
        hint: 'Give a file with one row a prediction.',
      })
    }
    const { label, weight, entity, slices } = this.#columns
    const numbers = this.#labelNumbers.end()
    const several = this.#labelCodes.names.length > MOST_CLASSES
    return {
      rows: this.#rows,
      labels: {
        column: label,
        codes: several ? null : this.#labelCodes.end(),
        names: this.#labelCodes.names,
        firstLines: this.#labelCodes.firstLines,
        numbers: numbers.some(Number.isNaN) ? null : numbers,
      },
      score: this.#score.map((column) => column.end()),
      against: this.#against.map((column) => column.end()),
      weights: weight === null ? null : this.#weights.end(),
      entities: entity === null ? null : this.#entities.end(),
      slices: this.#slices.map((column, i) => ({ column: slices[i]!, codes: column.end(), names: column.names })),
    }
  }

  #take(name: string, take: Take): void {
    const header = this.#header!
    const index = header.indexOf(name)
    if (index === -1) {
      const near = nearest(name, header)
      const shown = header.slice(0, 20).map(excerptOf).join(', ')
      this.#refuse('column_missing', undefined, name, {
        text: `there is no column "${name}"${near === null ? '' : `; did you mean "${near}"?`}`,
        rule: 'the named columns are in the file',
        value: header.length > 20 ? `${shown} and ${header.length - 20} more` : shown,
        hint: near === null ? 'Name a column of the file.' : `Name the column as the file does: ${near}.`,
      })
    }
    if (header.indexOf(name, index + 1) !== -1) {
      this.#refuse('duplicate_column', undefined, name, {
        text: `the column "${name}" is there twice`,
        rule: 'a column that is named is there once',
        value: name,
        hint: 'Give each column a name of its own.',
      })
    }
    const before = this.#takes[index]
    this.#takes[index] = before === undefined ? take : (...value) => [before(...value), take(...value)]
  }

  #label: Take = (bytes, start, end, line) => {
    const { label } = this.#columns
    if (start === end) this.#missing('label', label, line, 'Leave out rows whose outcome is not known yet.')
    if (this.#labelCodes.names.length <= MOST_CLASSES) this.#labelCodes.push(textOf(bytes, start, end), line)
    this.#labelNumbers.push(isNumber(bytes, start, end) === null ? readNumber(bytes, start, end) : Number.NaN)
  }

  #number(column: string, into: GrowingFloats, what: 'score' | 'weight'): Take {
    return (bytes, start, end, line) => {
      if (start === end) this.#missing(what, column, line, 'Leave out the row, or give it a value.')
      const found = isNumber(bytes, start, end)
      const value = found === null ? readNumber(bytes, start, end) : Number.NaN
      if (found !== null || (what === 'weight' && value < 0)) {
        this.#refuse(found?.code ?? 'out_of_range', line, column, {
          text: `the ${what} in "${column}" ${found === null ? 'is below 0' : 'is no finite number'}: ${excerptOf(textOf(bytes, start, end))}`,
          rule: what === 'weight' ? 'a weight is a number of at least 0' : 'a score is a finite decimal number',
          value: excerptOf(textOf(bytes, start, end)),
          hint: `Correct the ${what}, or leave the row out.`,
        })
      }
      into.push(value)
    }
  }

  #text(column: string, into: GrowingCodes): Take {
    return (bytes, start, end, line) => {
      if (start === end) this.#missing('entity', column, line, 'Leave out the row, or say what it is of.')
      into.push(textOf(bytes, start, end), line)
    }
  }

  #slice(into: GrowingCodes): Take {
    return (bytes, start, end, line) => into.push(textOf(bytes, start, end), line)
  }

  #missing(what: string, column: string, line: number, hint: string): never {
    const text = `the ${what} in "${column}" is missing`
    this.#refuse('null_not_allowed', line, column, { text, rule: `every row has a ${what}`, value: '', hint })
  }

  #refuse(
    code: ErrorCode,
    line: number | undefined,
    column: string | undefined,
    what: { readonly text: string; readonly rule: string; readonly value: string; readonly hint: string },
  ): never {
    throw refusal(code, this.#file, { ...what, line, column })
  }
}
