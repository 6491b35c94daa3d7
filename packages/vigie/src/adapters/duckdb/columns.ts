import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api'

/** Up to 2,048 rows of a result. */
export interface Rows {
  readonly count: number
  /** The values of a DOUBLE column, without a copy. Nulls read as rubbish: select `coalesce(x, 'nan')`. */
  floats(column: number): Float64Array
  /** The values of an INTEGER column, without a copy. */
  ints(column: number): Int32Array
  texts(column: number): readonly string[]
}

/**
 * Runs a query and hands its rows over in chunks as typed columns. Between chunks other work gets its turn, so a large
 * result does not hold the event loop.
 */
export async function* rowsOf(connection: DuckDBConnection, sql: string): AsyncGenerator<Rows> {
  const result = await connection.stream(sql)
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    yield new Chunk(chunk)
  }
}

class Chunk implements Rows {
  readonly #chunk: DuckDBDataChunk
  readonly count: number

  constructor(chunk: DuckDBDataChunk) {
    this.#chunk = chunk
    this.count = chunk.rowCount
  }

  floats(column: number): Float64Array {
    return this.#items(column, Float64Array)
  }

  ints(column: number): Int32Array {
    return this.#items(column, Int32Array)
  }

  texts(column: number): readonly string[] {
    return this.#chunk.getColumnValues(column) as string[]
  }

  #items<A extends Float64Array | Int32Array>(column: number, type: new (...args: never[]) => A): A {
    return itemsOf(this.#chunk, column, type)
  }
}

// The vectors of node-api hold their values as a typed array, which is not in its types: the public access is one call
// a value. Hence the check.
function itemsOf<A extends Float64Array | Int32Array>(
  chunk: DuckDBDataChunk,
  column: number,
  type: new (...args: never[]) => A,
): A {
  const { items } = chunk.getColumnVector(column) as unknown as { items: unknown }
  if (!(items instanceof type)) throw new TypeError(`column ${column} is no ${type.name}`)
  return items
}

/** Writes the DOUBLE or INTEGER column of a new chunk at once; none of its values is null. */
export function setNumbers(chunk: DuckDBDataChunk, column: number, values: Float64Array | Int32Array): void {
  if (values instanceof Float64Array) itemsOf(chunk, column, Float64Array).set(values)
  else itemsOf(chunk, column, Int32Array).set(values)
  chunk.getColumnVector(column).flush()
}

/** The first value of the first row of a small result. */
export async function single(connection: DuckDBConnection, sql: string): Promise<unknown> {
  const rows = await (await connection.run(sql)).getRows()
  return rows[0]?.[0]
}
