import type { ColumnContract, Comparison, Operand, RowRule, SourceContract } from '../contract.ts'
import type { Finding, ReadNumber } from './check.ts'
import { ValueNumbers } from './value-reader.ts'

/** A rule that the current row breaks. */
export interface BrokenRow {
  readonly rule: RowRule
  readonly finding: Finding
  /** The values that it compares, as people may see them. */
  shown(): string
}

type Holds = () => boolean

/** Asks the rules between the columns of a row. Reads only the columns that they name, each into a number. */
export class RowRules {
  /** One a column of the file; null where no rule reads it. */
  readonly #readers: readonly (ReadNumber | null)[]
  /** Values of the current row. */
  readonly #values: Float64Array
  readonly #rules: readonly { readonly holds: Holds; readonly broken: BrokenRow }[]

  /** `header` are the columns in the order of the file. */
  constructor(contract: SourceContract, rules: readonly RowRule[], header: readonly string[]) {
    const numbers = new ValueNumbers(contract)
    const columns = new Map(contract.columns.map((column) => [column.name, column]))
    const read = new Set(rules.flatMap(columnsOf))
    this.#values = new Float64Array(header.length)
    this.#readers = header.map((name) => (read.has(name) ? numbers.reader(columns.get(name)!) : null))
    const place = (name: string) => header.indexOf(name)
    const column = (name: string) => columns.get(name)!
    this.#rules = rules.map((rule) => {
      const { when, that } = rule
      const asked = when === null ? null : this.#comparison(when, place, column, numbers, false)
      const holds =
        that.kind === 'requires'
          ? this.#requirement(place(that.left), place(that.right.column))
          : this.#comparison(that, place, column, numbers, true)
      return {
        holds: asked === null ? holds : () => !asked() || holds(),
        broken: {
          rule,
          finding: { code: 'row_rule', text: 'breaks a rule between its columns', rule: rule.name, storable: true },
          shown: () =>
            columnsOf(rule)
              .map((name) => `${name}=${numbers.shown(column(name), this.#values[place(name)]!)}`)
              .join(', ')
              .slice(0, 200),
        },
      }
    })
  }

  /** Reads field `index` of the current row. */
  field(index: number, bytes: Uint8Array, start: number, end: number): void {
    const read = this.#readers[index]!
    if (read !== null) this.#values[index] = read(bytes, start, end)
  }

  /** Calls `report` for each rule that the current row breaks. All of its values must be legal. */
  ask(report: (broken: BrokenRow) => void): void {
    for (const { holds, broken } of this.#rules) if (!holds()) report(broken)
  }

  #requirement(left: number, right: number): Holds {
    const values = this.#values
    return () => Number.isNaN(values[left]!) || !Number.isNaN(values[right]!)
  }

  #comparison(
    { kind, left, right }: Comparison,
    place: (name: string) => number,
    column: (name: string) => ColumnContract,
    numbers: ValueNumbers,
    ofNull: boolean,
  ): Holds {
    const values = this.#values
    const compare = COMPARE[kind]
    const at = place(left)
    const other = 'column' in right ? place(right.column) : -1
    const constant = 'column' in right ? Number.NaN : numbers.constant(column(left), right.constant)
    return () => {
      const a = values[at]!
      const b = other < 0 ? constant : values[other]!
      return Number.isNaN(a) || Number.isNaN(b) ? ofNull : compare(a, b)
    }
  }
}

const COMPARE: Record<Comparison['kind'], (a: number, b: number) => boolean> = {
  lessThan: (a, b) => a < b,
  atMost: (a, b) => a <= b,
  equal: (a, b) => a === b,
  notEqual: (a, b) => a !== b,
}

/** The columns that a rule reads, each once. */
function columnsOf({ that, when }: RowRule): readonly string[] {
  const of = ({ left, right }: { readonly left: string; readonly right: Operand }) =>
    'column' in right ? [left, right.column] : [left]
  return [...new Set([...of(that), ...(when === null ? [] : of(when))])]
}
