import { createReadStream } from 'node:fs'
import { LinesOf } from '../../domain/csv/lines-of.ts'
import type { Tasks } from '../../ports/compute.ts'

/** See the task of this name. */
export async function linesOf({
  file,
  column,
  values,
}: Tasks['linesOf']['input']): Promise<Tasks['linesOf']['output']> {
  const lines = new LinesOf(column, values)
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 })) lines.push(chunk as Uint8Array)
  return lines.end()
}
