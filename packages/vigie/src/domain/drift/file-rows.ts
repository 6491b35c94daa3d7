import type { ErrorCode } from '../../errors.ts'
import { textOf } from '../csv/check.ts'
import { refusal } from '../csv/refusal.ts'
import type { RowSink } from '../csv/scanner.ts'
import type { FileColumn } from './file-column.ts'
import { FileColumnBuilder } from './file-column-builder.ts'

const MOST_COLUMNS = 1000

/**
 * Keeps every column of a file of which nothing is known. Refuses what is no table: no header, no row, a row of another
 * width, a column name that is there twice. Memory is 4 to 12 bytes a value, and each distinct text once.
 */
export class FileRows implements RowSink {
  readonly #file: string
  readonly #names: string[] = []
  #columns: FileColumnBuilder[] | null = null
  #rows = 0

  constructor(file: string) {
    this.#file = file
  }

  field(index: number, bytes: Uint8Array, start: number, end: number): void {
    if (this.#columns === null) this.#names.push(textOf(bytes, start, end))
    else this.#columns[index]?.push(bytes, start, end)
  }

  row(fields: number, line: number): void {
    if (this.#columns === null) {
      this.header(this.#names)
      return
    }
    const { length } = this.#columns
    if (fields !== length) {
      this.#refuse('ragged_row', line, {
        text: `${fields} fields, the header has ${length}`,
        rule: 'each row has as many fields as the header',
        value: `${fields} fields`,
        hint: 'Write every row with all columns.',
      })
    }
    this.#rows++
  }

  columnName(index: number): string | undefined {
    return this.#columns?.[index]?.name
  }

  /** The column names, once; `times` are those that hold times, where the file says so. */
  header(names: readonly string[], times: ReadonlySet<string> = new Set()): void {
    const twice = names.find((name, i) => names.indexOf(name) !== i)
    if (twice !== undefined) {
      this.#refuse('duplicate_column', undefined, {
        text: `the column "${twice}" is there twice`,
        rule: 'a column name is there once',
        value: twice,
        hint: 'Give each column a name of its own.',
      })
    }
    if (names.length > MOST_COLUMNS) {
      this.#refuse('too_many_columns', undefined, {
        text: `${names.length} columns`,
        rule: `at most ${MOST_COLUMNS} columns are compared`,
        value: String(names.length),
        hint: 'Compare some of the columns at a time.',
      })
    }
    this.#columns = names.map((name) => new FileColumnBuilder(name, times.has(name)))
  }

  end(): readonly FileColumn[] {
    if (this.#columns === null || this.#rows === 0) {
      this.#refuse(this.#columns === null ? 'empty_file' : 'no_rows', undefined, {
        text: this.#columns === null ? 'the file is empty' : 'there is no row behind the header',
        rule: 'a file that is compared has a header and rows',
        value: '0 rows',
        hint: 'Give a file with rows.',
      })
    }
    return this.#columns.map((column) => column.end())
  }

  #refuse(
    code: ErrorCode,
    line: number | undefined,
    what: { readonly text: string; readonly rule: string; readonly value: string; readonly hint: string },
  ): never {
    throw refusal(code, this.#file, { ...what, line })
  }
}
