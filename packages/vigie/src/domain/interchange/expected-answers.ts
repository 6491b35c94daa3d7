import { outputWidth, type Target } from '../model/target.ts'
import type { RecordedTable } from './recorded-rows.ts'
import { recordsInvalid, type TextTable } from './text-table.ts'

/** Answers that were recorded with the rows, `outputWidth` a row. */
export function expectedTable(table: RecordedTable | TextTable, target: Target, file: string): Float64Array {
  const columns = answerColumns(table, target, file).map((at) => table.columns[at]!)
  const width = columns.length
  const answers = new Float64Array(table.rows * width)
  for (let i = 0; i < table.rows; i++) {
    columns.forEach((column, k) => {
      const cell = column[i]!
      const value = cell === '' || cell === null ? Number.NaN : Number(cell)
      if (!Number.isFinite(value))
        throw recordsInvalid('expected answers are numbers', `row ${i + 1} has ${String(cell)}`, file)
      answers[i * width + k] = value
    })
  }
  return answers
}

/** A JSON list of numbers, or of lists with one number a class. */
export function expectedList(value: unknown, target: Target, file: string): Float64Array {
  if (!Array.isArray(value) || value.length === 0)
    throw recordsInvalid('expected answers are a list', typeof value, file)
  const rows = value.map((row: unknown) => (Array.isArray(row) ? row : [row]))
  const names = Array.from({ length: rows[0]!.length }, (_, k) => `answer ${k + 1}`)
  if (rows.some((row) => row.length !== names.length))
    throw recordsInvalid('all rows have as many answers', 'others', file)
  return expectedTable(
    { names, columns: names.map((_, k) => rows.map((row) => row[k])), rows: rows.length },
    target,
    file,
  )
}

/** The columns of the classes by their names, else in their order. Of two classes the second counts. */
function answerColumns({ names }: RecordedTable | TextTable, target: Target, file: string): readonly number[] {
  const width = outputWidth(target)
  if (target.kind !== 'number') {
    const classes = target.kind === 'binary' ? target.classes.slice(1) : target.classes
    const found = classes.map((name) => names.indexOf(name))
    if (found.every((at) => at >= 0)) return found
  }
  if (names.length === width) return names.map((_, k) => k)
  if (target.kind === 'binary' && names.length === 2) return [1]
  throw recordsInvalid(
    `expected answers have ${width === 1 ? 'one column' : `${width} columns`}`,
    names.join(', '),
    file,
  )
}
