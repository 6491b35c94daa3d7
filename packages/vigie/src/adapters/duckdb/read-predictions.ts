import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PredictionRows } from '../../domain/evaluation/prediction-rows.ts'
import type { PredictionColumns, Predictions } from '../../domain/evaluation/predictions.ts'
import { hasCode, VigieError } from '../../errors.ts'
import { rowsOf } from './columns.ts'
import { openDatabase, resourceError } from './database.ts'
import { identifier, literal } from './sql.ts'

const MEMORY = '1GB'
const encoder = new TextEncoder()

/**
 * Reads the named columns of a Parquet file: see `PredictionRows`. A line is a row, counted from 1. Numbers come as the
 * shortest text that reads back to them, so nothing is rounded.
 *
 * @throws `parquet_corrupt`, and what `PredictionRows` refuses
 */
export async function readParquetPredictions(file: string, columns: PredictionColumns): Promise<Predictions> {
  const temporary = await mkdtemp(path.join(tmpdir(), 'vigie-evaluate-'))
  const database = await openDatabase({ temporary, threads: 2, memoryLimit: MEMORY })
  const connection = await database.connect()
  const rows = new PredictionRows(path.basename(file), columns)
  const source = `read_parquet(${literal(file)})`
  try {
    const described = await (await connection.run(`describe select * from ${source}`)).getRows()
    const names = described.map(([name]) => String(name))
    const types = described.map(([, type]) => String(type))
    rows.header(names)
    const wanted = new Set(chosen(columns))
    const used = [...names.entries()].filter(([, name]) => wanted.has(name))
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
        rows.row(names.length, line)
      }
    }
    return rows.end()
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

function chosen({ label, score, against, weight, entity, slices }: PredictionColumns): readonly string[] {
  return [
    label,
    ...score,
    ...against,
    ...slices,
    ...(weight === null ? [] : [weight]),
    ...(entity === null ? [] : [entity]),
  ]
}

function unreadable(file: string, cause: unknown): VigieError {
  const said = cause instanceof Error ? cause.message.split('\n')[0]! : String(cause)
  return new VigieError('parquet_corrupt', `${path.basename(file)} cannot be read as Parquet: ${said}`, {
    rule: 'the file is a Parquet file',
    file: path.basename(file),
    cause,
  })
}
