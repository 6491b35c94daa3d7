import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { RowSink } from '../../domain/csv/scanner.ts'
import { hasCode, VigieError } from '../../errors.ts'
import { openDelivered } from '../local/delivered-file.ts'
import { rowsOf } from './columns.ts'
import { openDatabase, resourceError } from './database.ts'
import { identifier, literal } from './sql.ts'

const MEMORY = '1GB'
const MAGIC = 'PAR1'
const encoder = new TextEncoder()

/** Takes the rows of a Parquet file as it takes those of a CSV file. A line is a row, counted from 1. */
export interface ParquetSink extends Pick<RowSink, 'field' | 'row'> {
  /** The column names, once; `times` are those of times. */
  header(names: readonly string[], times: ReadonlySet<string>): void
}

/**
 * Hands the rows of a Parquet file to `rows`, of the `wanted` columns or of all. Numbers come as the shortest text that
 * reads back to them, so nothing is rounded. Null is the empty text.
 *
 * @throws `parquet_corrupt`, and what `rows` refuses
 */
export async function readParquetRows(
  file: string,
  rows: ParquetSink,
  wanted: (name: string) => boolean = () => true,
): Promise<void> {
  await refuseOther(file)
  const temporary = await mkdtemp(path.join(tmpdir(), 'vigie-parquet-'))
  const database = await openDatabase({ temporary, threads: 2, memoryLimit: MEMORY })
  const connection = await database.connect()
  const source = `read_parquet(${literal(file)})`
  try {
    const described = await (await connection.run(`describe select * from ${source}`)).getRows()
    const names = described.map(([name]) => String(name))
    const types = described.map(([, type]) => String(type))
    rows.header(names, new Set(names.filter((_, i) => /^(TIMESTAMP|DATE|TIME)\b/.test(types[i]!))))
    const used = [...names.entries()].filter(([, name]) => wanted(name))
    const select = used.map(([index, name]) => textOf(identifier(name), types[index]!)).join(', ')
    let line = 0
    for await (const part of rowsOf(connection, `select ${select} from ${source}`)) {
      const texts = used.map((_, i) => part.texts(i))
      for (let row = 0; row < part.count; row++) {
        line++
        for (const [i, [index]] of used.entries()) {
          const bytes = encoder.encode(texts[i]![row]!)
          rows.field(index, bytes, 0, bytes.length, line)
        }
        rows.row(names.length, line, 0, 0)
      }
    }
  } catch (error) {
    if (hasCode(error)) throw error
    throw resourceError(error) ?? unreadable(file, error)
  } finally {
    connection.closeSync()
    database.closeSync()
    await rm(temporary, { recursive: true, force: true })
  }
}

/** The shortest text of a float32 reads back to another float64 than the number that was meant, so it is widened first. */
function textOf(column: string, type: string): string {
  return `coalesce(cast(${type === 'FLOAT' ? `cast(${column} as double)` : column} as varchar), '')`
}

/** DuckDB would take a pattern or an address for the name of a file. */
async function refuseOther(file: string): Promise<void> {
  const name = path.basename(file)
  const { handle } = await openDelivered(file)
  try {
    const { buffer } = await handle.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, 0)
    if (buffer.toString('latin1') === MAGIC) return
  } finally {
    await handle.close()
  }
  throw new VigieError('parquet_corrupt', `${name} does not begin as a Parquet file`, {
    rule: `a Parquet file begins with ${MAGIC}`,
    file: name,
    hint: 'Give the file its right ending: .csv or .csv.gz.',
  })
}

function unreadable(file: string, cause: unknown): VigieError {
  const said = cause instanceof Error ? cause.message.split('\n')[0]! : String(cause)
  return new VigieError('parquet_corrupt', `${path.basename(file)} cannot be read as Parquet: ${said}`, {
    rule: 'the file is a Parquet file',
    file: path.basename(file),
    cause,
  })
}
