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

/** The rows that a model was trained on, as its owner says. */
export interface TrainingKeys {
  /** Each once. */
  readonly keys: readonly string[]
  /** Share of the rows that are of class 1, where the file has their labels. */
  readonly baseRate: number | null
}

/** Keys of a CSV that has a column of them, and their labels if it has these: such as `vigie dataset --out` writes. */
export function readKeys(file: string, key: string, label: string, target: Target): TrainingKeys {
  const { names, columns, rows } = textTable(bytesOf(file), path.basename(file))
  const keys = columns[names.length === 1 ? 0 : names.indexOf(key)]
  if (!keys || rows === 0 || keys.includes('')) {
    throw new VigieError('records_invalid', `${path.basename(file)} has no keys in a column ${key}`, {
      rule: `training keys are a CSV with the column ${key}, none of them empty`,
      value: names.join(', ').slice(0, 200),
    })
  }
  const labels = columns[names.indexOf(label)]
  const one = target.kind === 'binary' ? target.classes[1] : null
  const isOne = (text: string): boolean => text === one || (one === 'true' && /^(true|1|1\.0)$/i.test(text))
  return {
    keys: [...new Set(keys)],
    baseRate: labels && one !== null ? labels.filter(isOne).length / rows : null,
  }
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
