import { createReadStream } from 'node:fs'
import type { BrokenRule } from '../../../domain/contract.ts'
import { VigieError } from '../../../errors.ts'

const QUOTE = 34
const LF = 10

/**
 * A refusal of the text that was made of a Parquet file, told in its rows: the lines of that text mean nothing to whoever
 * wrote the file. Row 1 is the first.
 */
export async function inRows(refusal: VigieError, text: string): Promise<VigieError> {
  const { code, message, hint, details } = refusal
  const broken = (details.broken ?? []) as readonly BrokenRule[]
  const named = [details.line, ...broken.flatMap(({ examples }) => examples.map(({ line }) => line))]
  const lines = new Set(named.filter((line) => typeof line === 'number'))
  if (lines.size === 0) return refusal
  const rows = await rowsOf(text, lines)
  const rowOf = (line: number | null | undefined) => (typeof line === 'number' ? (rows.get(line) ?? null) : null)
  const { line, ...others } = details
  const row = rowOf(line)
  return new VigieError(code, row === null ? message : message.replace(` line ${line}:`, ` row ${row}:`), {
    ...others,
    hint,
    ...(row === null ? {} : { row }),
    ...(broken.length === 0
      ? {}
      : {
          broken: broken.map((rule) => ({
            ...rule,
            examples: rule.examples.map((example) => ({ ...example, line: null, row: rowOf(example.line) })),
          })),
        }),
  })
}

/** The row that stands on each line: a quoted text may go over several. */
async function rowsOf(text: string, lines: ReadonlySet<number>): Promise<ReadonlyMap<number, number>> {
  const rows = new Map<number, number>()
  const last = Math.max(0, ...lines)
  let [line, row, quoted] = [1, 0, false]
  for await (const chunk of createReadStream(text, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    for (const byte of chunk) {
      if (byte === QUOTE) quoted = !quoted
      if (byte !== LF) continue
      if (lines.has(line) && row > 0) rows.set(line, row)
      line++
      if (!quoted) row++
      if (line > last + 1) return rows
    }
  }
  return rows
}
