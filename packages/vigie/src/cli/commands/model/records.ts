import path from 'node:path'
import type { FeatureSpec } from '../../../domain/feature-spec.ts'
import { expectedList, expectedTable } from '../../../domain/interchange/expected-answers.ts'
import { recordedColumns, recordedObjects } from '../../../domain/interchange/recorded-rows.ts'
import { recordsInvalid, textTable } from '../../../domain/interchange/text-table.ts'
import type { Target } from '../../../domain/model/target.ts'
import { VigieError } from '../../../errors.ts'
import { bytesOf } from './read-model-file.ts'

/** Columns of the features from a file of recorded rows, CSV or JSON. */
export function readRecords(file: string, features: FeatureSpec): readonly Float64Array[] {
  const name = path.basename(file)
  const parsed = isJson(file) ? recordedObjects(json(file), name) : textTable(bytesOf(file), name)
  return recordedColumns(parsed, features, name)
}

/** What the tool answered for them. */
export function readExpected(file: string, target: Target): Float64Array {
  const name = path.basename(file)
  if (isJson(file)) return expectedList(json(file), target, name)
  return expectedTable(textTable(bytesOf(file), name), target, name)
}

/** Keys of a CSV that has a column of them: such as `vigie dataset --out` writes. Each once. */
export function readKeys(file: string, column: string): readonly string[] {
  const { names, columns } = textTable(bytesOf(file), path.basename(file))
  const at = names.length === 1 ? 0 : names.indexOf(column)
  const keys = columns[at]
  if (!keys || keys.length === 0 || keys.includes('')) {
    throw new VigieError('records_invalid', `${path.basename(file)} has no keys in a column ${column}`, {
      rule: `training keys are a CSV with the column ${column}, none of them empty`,
      value: names.join(', ').slice(0, 200),
    })
  }
  return [...new Set(keys)]
}

const isJson = (file: string): boolean => path.extname(file).toLowerCase() === '.json'

function json(file: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(file)))
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof TypeError)) throw cause
    throw recordsInvalid('a .json file is JSON in UTF-8', cause.message, path.basename(file))
  }
}
