import type { FeatureSpec } from '../feature-spec.ts'
import { type Terms, termsOf } from './terms.ts'

/**
 * The terms of a linear model for many rows, as the product of a matrix with a vector and nothing more: the matrix, in
 * which a category would be one column a value, is never laid out.
 */
export class Design {
  readonly rows: number
  readonly terms: Terms
  readonly center: Float64Array
  readonly scale: Float64Array
  /** Numbers and booleans centred and scaled with 0 for null; codes of categories as they came. */
  private readonly columns: readonly Float64Array[]
  /** Rows where an optional feature is null. */
  private readonly nulls: readonly Int32Array[]

  /**
   * A number is centred on its mean and divided by its standard deviation over the rows where it is not null, as by
   * scikit-learn's StandardScaler; a constant one is only centred. A boolean is centred alone, which changes no
   * coefficient but the intercept.
   */
  constructor(spec: FeatureSpec, columns: readonly Float64Array[], rows: number) {
    this.rows = rows
    this.terms = termsOf(spec)
    this.center = new Float64Array(spec.length)
    this.scale = new Float64Array(spec.length).fill(1)
    this.nulls = columns.map(nullRows)
    this.columns = columns.map((column, f) => {
      const { type } = spec[f]!
      if (type === 'category') return column
      const { mean, deviation } = moments(column)
      this.center[f] = mean
      if (type !== 'boolean' && deviation > 0) this.scale[f] = deviation
      const scale = this.scale[f]!
      return column.map((x) => (Number.isNaN(x) ? 0 : (x - mean) / scale))
    })
  }

  /** Intercept and terms, `vector[at ..]`, times the matrix: a sum for each row. */
  sums(vector: Float64Array, at: number, out: Float64Array): void {
    const { terms, columns, nulls } = this
    out.fill(vector[at]!)
    for (let f = 0; f < columns.length; f++) {
      const column = columns[f]!
      const first = at + 1 + terms.start[f]!
      if (terms.categories[f]! > 0) {
        for (let i = 0; i < out.length; i++) {
          const code = column[i]!
          if (code >= 0) out[i]! += vector[first + code]!
        }
      } else {
        const factor = vector[first]!
        for (let i = 0; i < out.length; i++) out[i]! += factor * column[i]!
      }
      const ofNull = terms.ofNull[f]!
      if (ofNull >= 0) for (const row of nulls[f]!) out[row]! += vector[at + 1 + ofNull]!
    }
  }

  /** Of each term: its mean over the rows. */
  means(): Float64Array {
    const sums = new Float64Array(1 + this.terms.count)
    this.addTransposed(new Float64Array(this.rows).fill(1), sums, 0)
    return sums.subarray(1).map((sum) => sum / this.rows)
  }

  /** The transposed matrix times `values`, one a row; its elements squared when `squared`. Adds to `out[at ..]`. */
  addTransposed(values: Float64Array, out: Float64Array, at: number, squared = false): void {
    const { terms, columns, nulls } = this
    let total = 0
    for (let i = 0; i < values.length; i++) total += values[i]!
    out[at]! += total
    for (let f = 0; f < columns.length; f++) {
      const column = columns[f]!
      const first = at + 1 + terms.start[f]!
      if (terms.categories[f]! > 0) {
        for (let i = 0; i < values.length; i++) {
          const code = column[i]!
          if (code >= 0) out[first + code]! += values[i]!
        }
      } else out[first]! += squared ? dotSquared(column, values) : dot(column, values)
      const ofNull = terms.ofNull[f]!
      if (ofNull >= 0) for (const row of nulls[f]!) out[at + 1 + ofNull]! += values[row]!
    }
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < b.length; i++) sum += a[i]! * b[i]!
  return sum
}

function dotSquared(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < b.length; i++) sum += a[i]! * a[i]! * b[i]!
  return sum
}

function nullRows(column: Float64Array): Int32Array {
  const rows: number[] = []
  for (let i = 0; i < column.length; i++) if (Number.isNaN(column[i])) rows.push(i)
  return Int32Array.from(rows)
}

/** Of the values that are not null, in two passes; a column of nulls has mean 0. */
function moments(column: Float64Array): { readonly mean: number; readonly deviation: number } {
  let count = 0
  let sum = 0
  for (const x of column) {
    if (Number.isNaN(x)) continue
    count++
    sum += x
  }
  if (count === 0) return { mean: 0, deviation: 0 }
  const mean = sum / count
  let squares = 0
  let least = Number.POSITIVE_INFINITY
  let greatest = Number.NEGATIVE_INFINITY
  for (const x of column) {
    if (Number.isNaN(x)) continue
    squares += (x - mean) ** 2
    least = Math.min(least, x)
    greatest = Math.max(greatest, x)
  }
  // Rounding gives a constant column a deviation that is not quite 0.
  return { mean, deviation: least < greatest ? Math.sqrt(squares / count) : 0 }
}
