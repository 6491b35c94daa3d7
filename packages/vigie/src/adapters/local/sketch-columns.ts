import { createReadStream } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import { createGunzip } from 'node:zlib'
import { ColumnSketch } from '../../domain/profile/column-sketch.ts'
import { looseFields } from '../../domain/profile/loose-fields.ts'
import type { ColumnProfile } from '../../domain/profile/table-profile.ts'
import type { Tasks } from '../../ports/compute.ts'

/** Enough to see the shape of a column: more is not read of a file that was refused. */
const MOST_BYTES = 128 << 20
/** What has no line break for so long is no table. */
const MOST_LINE = 1 << 21

/**
 * Reads a refused CSV, gzipped or not, once more for the pictures of its report: up to where it is broken, and nothing
 * of a file that is no text.
 */
export async function sketchColumns({
  file,
  contract,
  columns,
}: Tasks['sketchColumns']['input']): Promise<readonly ColumnProfile[]> {
  const wanted = contract.columns.filter(({ name }) => columns.includes(name))
  const sketches = new Map(wanted.map((column) => [column.name, new ColumnSketch(column, contract)]))
  if (sketches.size === 0 || !/\.csv(\.gz)?$/.test(file)) return []
  let places: readonly (ColumnSketch | undefined)[] | null = null
  for await (const line of linesOf(file)) {
    const fields = looseFields(line)
    if (places === null) places = fields.map((name) => sketches.get(name.replace(/^\ufeff/, '')))
    else for (const [i, sketch] of places.entries()) if (sketch && i < fields.length) sketch.see(fields[i]!)
  }
  return Array.from(sketches.values(), (sketch) => sketch.profile())
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  let bytes = 0
  for await (const chunk of chunksOf(file)) {
    bytes += chunk.length
    const lines = (rest + decoder.write(chunk)).split('\n')
    rest = lines.pop()!
    yield* lines
    if (bytes >= MOST_BYTES || rest.length > MOST_LINE) return
  }
  if (rest !== '') yield rest
}

async function* chunksOf(file: string): AsyncGenerator<Buffer> {
  const raw = createReadStream(file, { highWaterMark: 1 << 18 })
  if (!file.endsWith('.gz')) {
    yield* raw
    return
  }
  const gunzip = createGunzip()
  raw.on('error', (error) => gunzip.destroy(error)).pipe(gunzip)
  try {
    yield* gunzip
  } catch (error) {
    if (!(error as NodeJS.ErrnoException).code?.startsWith('Z_')) throw error
  } finally {
    raw.destroy()
  }
}
