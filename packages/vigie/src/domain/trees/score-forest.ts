import { type Forest, hasOneOutput, predictColumns, predictRow } from './packed.ts'
import { classesColumns, classesRow } from './packed-classes.ts'

/** The answer of any forest for one row into `out`: one number, or one a class. */
export function forestRow(forest: Forest, row: Float64Array, out: Float64Array): void {
  if (hasOneOutput(forest)) out[0] = predictRow(forest, row)
  else classesRow(forest, row, out)
}

/** `forestRow` for every row of the columns, to the same bits: row by row, one number or one a class. */
export function forestColumns(forest: Forest, columns: readonly Float64Array[], rows: number): Float64Array {
  return hasOneOutput(forest) ? predictColumns(forest, columns, rows) : classesColumns(forest, columns, rows)
}
