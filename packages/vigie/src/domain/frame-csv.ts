import type { FeatureColumn } from './feature-spec.ts'
import type { Frame } from './frame.ts'
import type { LabelColumn } from './label-column.ts'

/** Rows in one piece of text: large enough to write, small enough to hold. */
const ROWS_A_PIECE = 1024

/**
 * A frame as CSV for people and their spreadsheets, piece by piece: the key, every feature by its full name, and the
 * label if there is one. Null is the empty text; numbers read back to the same float64.
 *
 * A text that a spreadsheet would take for a formula gets a leading `'` and quotes (OWASP ASVS 1.2.10). Numbers are
 * left alone: they are none.
 */
export function* frameCsv(
  frame: Frame,
  names: { readonly key: string; readonly label: LabelColumn; readonly weight?: string | null },
): Generator<string> {
  const { spec, keys, columns, label } = frame
  // One that is a feature as well stands among them.
  const weight = frame.weight && !spec.some(({ name }) => name === names.weight) ? frame.weight : null
  const header = [
    names.key,
    ...spec.map(({ name }) => name),
    ...(label ? [names.label.column] : []),
    ...(weight ? [names.weight ?? 'weight'] : []),
  ]
  let piece = `${header.map(textCell).join(',')}\n`
  const cells = spec.map(cellsOf)
  const labelCell = cellsOf(names.label)
  for (let row = 0; row < keys.length; row++) {
    const line = [textCell(keys[row]!), ...columns.map((column, i) => cells[i]!(column[row]!))]
    if (label) line.push(labelCell(label[row]!))
    if (weight) line.push(String(weight[row]!))
    piece += `${line.join(',')}\n`
    if (row % ROWS_A_PIECE === ROWS_A_PIECE - 1) {
      yield piece
      piece = ''
    }
  }
  yield piece
}

function cellsOf({ type, categories }: Pick<FeatureColumn, 'type' | 'categories'>): (value: number) => string {
  if (type === 'boolean') return (value) => (Number.isNaN(value) ? '' : value === 1 ? 'true' : 'false')
  if (type !== 'category') return (value) => (Number.isNaN(value) ? '' : String(value))
  const texts = (categories ?? []).map(textCell)
  return (code) => (Number.isNaN(code) ? '' : (texts[code] ?? ''))
}

const FORMULA = /^[=+\-@\t\r\0]/
const NEEDS_QUOTES = /[",\n\r\t]/

/** A text as a cell, with quotes where it needs them. */
export function textCell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text
  return safe !== text || NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
