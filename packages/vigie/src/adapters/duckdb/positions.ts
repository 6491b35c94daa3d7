import { identifier, literal } from './sql.ts'
import type { StoredTable } from './stored-table.ts'

/** A table with the position of each row in its file. */
export interface Positioned {
  readonly relation: string
  /** Name of the column, quoted. */
  readonly position: string
}

/** DuckDB's own numbers, unless a delivered column is called like them: then rows are counted, in the order of the file. */
export function positioned({ path, types }: StoredTable): Positioned {
  const taken = new Set(Array.from(types.keys(), (name) => name.toLowerCase()))
  const own = 'file_row_number'
  if (!taken.has(own)) return { relation: `read_parquet(${literal(path)}, ${own} = true)`, position: own }
  let name = `${own}_`
  while (taken.has(name)) name += '_'
  const position = identifier(name)
  return {
    relation: `(select *, row_number() over () - 1 as ${position} from read_parquet(${literal(path)}))`,
    position,
  }
}
