import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { excerptOf } from '../../domain/csv/excerpt.ts'
import { identifier, literal } from '../duckdb/sql.ts'
import { ACCEPTED, KEPT, type ParquetColumn, textOf } from './column-text.ts'
import type { ParquetAnswer, ParquetRequest } from './request.ts'

type Refused = Extract<ParquetAnswer, { readonly refused: unknown }>['refused']

/** How DuckDB fails over the signing key of a footer in plain text, in which only columns are encrypted. */
const SIGNED = 'Invalid unicode (byte sequence mismatch) detected in value construction'
const CODECS = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD', 'LZ4_RAW']

/** Writes the rows of a Parquet file, in their order, as the CSV that the contract's check and import will read. */
export async function writeParquetAsText(request: ParquetRequest): Promise<ParquetAnswer> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    memory_limit: request.memoryLimit,
    temp_directory: '',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
  })
  const connection = await instance.connect()
  try {
    await lockIn(connection, request)
    return await write(connection, request)
  } catch (error) {
    return { refused: explain((error as Error).message.replaceAll(request.file, 'the file')) }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

async function lockIn(connection: DuckDBConnection, { file, text }: ParquetRequest): Promise<void> {
  await connection.run(`set allowed_paths = [${literal(file)}, ${literal(text)}]`)
  await connection.run('set enable_external_access = false')
  await connection.run('set lock_configuration = true')
}

async function write(connection: DuckDBConnection, request: ParquetRequest): Promise<ParquetAnswer> {
  const file = literal(request.file)
  const [[said] = []] = await rowsOf(connection, `select sum(num_rows) from parquet_file_metadata(${file})`)
  const codec = await refusedCodec(connection, file)
  if (codec) return { refused: codec }
  const columns = await columnsOf(connection, file)
  const refused = refusedNames(columns) ?? refusedType(columns, request)
  if (refused) return { refused }
  const rows = await connection.run(
    `copy (select ${columns.map((column) => writtenAs(column, request)).join(', ')} from read_parquet(${file}))
     to ${literal(request.text)} (format csv, header true, delimiter ',', quote '"', escape '"')`,
  )
  if (Number(said) === rows.rowsChanged) return { rows: rows.rowsChanged }
  return {
    refused: {
      code: 'parquet_corrupt',
      text: `has ${rows.rowsChanged} rows and says that it has ${said}`,
      rule: 'a Parquet file has the rows that its footer counts',
      value: String(said),
    },
  }
}

async function refusedCodec(connection: DuckDBConnection, file: string): Promise<Refused | null> {
  const rows = await rowsOf(connection, `select distinct compression from parquet_metadata(${file}) order by 1`)
  const codec = rows.map(([name]) => String(name)).find((name) => !CODECS.includes(name))
  if (codec === undefined) return null
  return {
    code: 'parquet_unsupported',
    text: `is compressed with ${excerptOf(codec)}`,
    rule: `Parquet files are compressed with ${CODECS.join(', ')}`,
    value: excerptOf(codec),
  }
}

/** The columns of the first level, in the order of the file. */
async function columnsOf(connection: DuckDBConnection, file: string): Promise<readonly ParquetColumn[]> {
  const elements = await rowsOf(
    connection,
    `select name, coalesce(type, ''), coalesce(num_children, 0)::integer, coalesce(logical_type, '')
     from parquet_schema(${file})`,
  )
  const top: { name: string; physical: string; logical: string }[] = []
  for (let at = 1; at < elements.length; at = afterGroup(elements, at)) {
    const [name, physical, , logical] = elements[at]!
    top.push({ name: String(name), physical: String(physical), logical: String(logical) })
  }
  const described = await rowsOf(connection, `describe select * from read_parquet(${file})`)
  return described.map(([readAs, type], i) => ({
    name: top[i]?.name ?? String(readAs),
    readAs: String(readAs),
    type: typeOf(String(type), top[i]),
  }))
}

/** DuckDB's name of the type, or another where DuckDB bends values: it would cut the last three digits off both. */
function typeOf(type: string, column: { readonly physical: string; readonly logical: string } | undefined): string {
  if (column?.physical === 'INT96') return 'INT96'
  const isNanoseconds = column?.logical.includes('NANOS=NanoSeconds') === true
  return isNanoseconds && type === 'TIMESTAMP WITH TIME ZONE' ? 'TIMESTAMP_NS WITH TIME ZONE' : type
}

/** The schema is a tree in depth-first order: where the element at `at` and all below it ends. */
function afterGroup(elements: readonly (readonly unknown[])[], at: number): number {
  let open = 1
  let next = at
  for (; open > 0 && next < elements.length; next++) open += Number(elements[next]![2]) - 1
  return next
}

function refusedNames(columns: readonly ParquetColumn[]): Refused | null {
  const seen = new Set<string>()
  for (const { name } of columns) {
    // SQL does not tell names apart by case, so neither may the file.
    const plain = name.toLowerCase()
    const value = excerptOf(name)
    if (name === '' || name.includes('\0')) {
      const rule = 'column names are lower-case letters, digits and _, and begin with a letter'
      return { code: 'column_invalid', text: `has a column called "${value}"`, rule, value }
    }
    if (seen.has(plain)) {
      const rule = 'a file names each column once, also but for case'
      return { code: 'duplicate_column', text: `has two columns called "${value}"`, rule, value }
    }
    seen.add(plain)
  }
  return null
}

function refusedType(columns: readonly ParquetColumn[], request: ParquetRequest): Refused | null {
  const declared = new Map(request.columns.map((column) => [column.name, column]))
  for (const { name, type } of columns) {
    const contract = declared.get(name)
    const accepted = contract ? ACCEPTED[contract.type] : KEPT
    if (accepted.includes(type)) continue
    return {
      code: 'parquet_type',
      text: `has the column "${excerptOf(name)}" as ${excerptOf(type)}`,
      rule: `columns of the type ${contract?.type ?? 'text'} come as ${accepted.join(', ')}`,
      value: excerptOf(type),
      column: excerptOf(name),
    }
  }
  return null
}

/** A key is never null, and no text of its own may stand for one; what is not used has no nulls, as in CSV. */
function writtenAs(column: ParquetColumn, { key, columns, tokens }: ParquetRequest): string {
  const isTyped = column.name !== key && columns.some(({ name }) => name === column.name)
  const missing = literal(isTyped ? tokens.null : '')
  return `coalesce(${textOf(column)}, ${missing}) as ${identifier(column.name)}`
}

/** DuckDB has no codes, only texts. */
function explain(message: string): Refused {
  const value = excerptOf(message.split('\n', 1)[0] ?? '')
  if (/No space left on device|ENOSPC/.test(message)) {
    return { code: 'disk_full', text: 'cannot be written as text: the disk is full', rule: 'there is room', value }
  }
  if (/^Out of Memory Error|bad allocation|std::bad_alloc/.test(message)) {
    const rule = 'a Parquet file is read in bounded memory'
    return { code: 'parquet_limit', text: 'needs more memory than a delivered file may', rule, value }
  }
  if (/encrypt|crypto/i.test(message) || message.includes(SIGNED)) {
    return { code: 'parquet_unsupported', text: 'is encrypted', rule: 'Parquet files are not encrypted', value }
  }
  if (/unsupported (compression|codec)|compression codec/i.test(message)) {
    const rule = `Parquet files are compressed with ${CODECS.join(', ')}`
    return { code: 'parquet_unsupported', text: 'is compressed in a way that is not read', rule, value }
  }
  return { code: 'parquet_corrupt', text: 'cannot be read', rule: 'a file called .parquet is a whole one', value }
}

async function rowsOf(connection: DuckDBConnection, sql: string): Promise<readonly (readonly unknown[])[]> {
  return (await connection.run(sql)).getRows()
}
