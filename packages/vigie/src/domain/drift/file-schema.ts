import { VigieError } from '../../errors.ts'
import type { FileColumnType } from './file-column.ts'

/** Type of each column that is to be compared. */
export type FileSchema = ReadonlyMap<string, FileColumnType>

const TYPES: readonly FileColumnType[] = ['num', 'cat', 'text', 'datetime']
const RULE = 'a schema is { "columns": { "<name>": "num" | "cat" | "text" | "datetime" } }'

/** Reads `{ "columns": { "age": "num", "plan": "cat" } }`; other keys beside `columns` say nothing here. */
export function fileSchema(text: string, file: string): FileSchema {
  const columns = columnsOf(text, file)
  return new Map(
    Object.entries(columns).map(([name, type]) => {
      if (TYPES.includes(type as FileColumnType)) return [name, type as FileColumnType]
      throw invalid(file, `the type of "${name}" is ${JSON.stringify(type)}`)
    }),
  )
}

function columnsOf(text: string, file: string): object {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (cause) {
    throw invalid(file, 'it is no JSON', cause)
  }
  const columns = typeof document === 'object' && document !== null && 'columns' in document ? document.columns : null
  if (typeof columns !== 'object' || columns === null || Array.isArray(columns))
    throw invalid(file, 'it has no columns')
  if (Object.keys(columns).length === 0) throw invalid(file, 'it names no column')
  return columns
}

function invalid(file: string, what: string, cause?: unknown): VigieError {
  return new VigieError('wrong_use', `${file} is no schema: ${what}`, { rule: RULE, file, cause })
}
