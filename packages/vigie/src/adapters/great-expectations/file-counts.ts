import { textOf } from '../../domain/csv/check.ts'
import { CsvScanner, type RowSink } from '../../domain/csv/scanner.ts'
import { KeySet } from '../../domain/proposal/key-set.ts'

/** Rows, nulls and repeated values of a file: what rules about single values do not tell. */
export class FileCounts implements RowSink {
  rows = 0
  readonly #unique: ReadonlySet<string>
  readonly #scanner: CsvScanner
  readonly #names: string[] = []
  readonly #nulls: number[] = []
  readonly #values: (Repeats | null)[] = []
  #begun = false

  /** `unique`: the columns in which values must not repeat. An empty text is null. */
  constructor(file: string, unique: ReadonlySet<string>) {
    this.#unique = unique
    this.#scanner = new CsvScanner(file, this)
  }

  push(chunk: Uint8Array): void {
    this.#scanner.push(chunk)
  }

  end(): void {
    this.#scanner.end()
  }

  get columns(): number {
    return this.#names.length
  }

  nulls(column: string): number {
    return this.#nulls[this.#names.indexOf(column)] ?? 0
  }

  /** Rows whose value stands in another row too; null when there are more values than are told apart. */
  repeated(column: string): number | null {
    return this.#values[this.#names.indexOf(column)]?.rows ?? null
  }

  columnName(index: number): string | undefined {
    return this.#names[index]
  }

  field(index: number, bytes: Uint8Array, start: number, end: number): void {
    if (!this.#begun) {
      const name = textOf(bytes, start, end)
      this.#names.push(name)
      this.#nulls.push(0)
      this.#values.push(this.#unique.has(name) ? new Repeats() : null)
    } else if (start === end) this.#nulls[index] = (this.#nulls[index] ?? 0) + 1
    else this.#values[index]?.add(bytes, start, end)
  }

  row(): void {
    if (this.#begun) this.rows++
    this.#begun = true
  }
}

class Repeats {
  readonly #seen = new KeySet()
  readonly #twice = new KeySet()
  #again = 0

  add(bytes: Uint8Array, start: number, end: number): void {
    if (this.#seen.add(bytes, start, end)) return
    this.#again++
    this.#twice.add(bytes, start, end)
  }

  get rows(): number | null {
    return this.#seen.full ? null : this.#again + this.#twice.size
  }
}
