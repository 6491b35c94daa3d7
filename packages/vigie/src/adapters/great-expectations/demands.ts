import type { RowRule, Severity } from '../../domain/contract.ts'
import type { Gates } from '../../domain/gates/gates.ts'

export type ColumnType = 'int' | 'float' | 'boolean' | 'category' | 'string' | 'date' | 'timestamp'

/** A bound, exclusive when `strict`. */
export interface Bound {
  readonly value: number
  readonly strict: boolean
}

/** What a suite demands of one column. In a suite null is legal unless it says otherwise. */
export interface ColumnDemands {
  type: ColumnType | null
  /** The types of rules that compare it: known only to be one with an order, or any but text. */
  compared: boolean
  required: boolean
  maxNullRate: number | null
  low: Bound | null
  high: Bound | null
  values: readonly (string | number | boolean)[] | null
  not: readonly (string | number | boolean)[]
  unique: boolean
  /** Of the expectations that our columns can hold a delivery for. */
  severities: Set<Severity>
}

/** What a suite demands of a file. Expectations are added one by one; what they mean together is settled at the end. */
export class Demands {
  readonly columns = new Map<string, ColumnDemands>()
  readonly rules: RowRule[] = []
  /** Groups of columns whose values together are unique. */
  readonly compound: (readonly string[])[] = []
  rowCount: Gates['rowCount'] = null
  /** In a suite other columns may be there unless it says otherwise. */
  extra: 'keep' | 'reject' = 'keep'
  /** Numbers of columns that are asked for. */
  readonly columnCounts: number[] = []

  column(name: string): ColumnDemands {
    const known = this.columns.get(name)
    if (known) return known
    const fresh: ColumnDemands = {
      type: null,
      compared: false,
      required: false,
      maxNullRate: null,
      low: null,
      high: null,
      values: null,
      not: [],
      unique: false,
      severities: new Set(),
    }
    this.columns.set(name, fresh)
    return fresh
  }

  /** The tighter of two bounds stays. */
  atLeast(column: ColumnDemands, bound: Bound): void {
    const { low } = column
    if (low === null || bound.value > low.value || (bound.value === low.value && bound.strict)) column.low = bound
  }

  atMost(column: ColumnDemands, bound: Bound): void {
    const { high } = column
    if (high === null || bound.value < high.value || (bound.value === high.value && bound.strict)) column.high = bound
  }

  /** A name that no other rule of the file has. */
  addRule(rule: RowRule): void {
    if (!this.rules.some(({ name }) => name === rule.name)) this.rules.push(rule)
  }
}
