import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { readLightgbm } from '../../../adapters/lightgbm/read-model.ts'
import { readOnnx } from '../../../adapters/onnx/read-model.ts'
import { readXgboost } from '../../../adapters/xgboost/read-model.ts'
import type { ForeignModel } from '../../../domain/interchange/foreign-model.ts'
import { refused } from '../../../domain/interchange/refused.ts'
import { hasCode, VigieError } from '../../../errors.ts'

/** Texts of JavaScript are not much longer. */
const LARGEST = 512 << 20

/** A named file as bytes. Throws `wrong_use` when it cannot be read, `model_file_limit` when it is too large. */
export function bytesOf(file: string): Uint8Array {
  try {
    const { size } = statSync(file)
    if (size > LARGEST) throw refused('model_file_limit', `files have at most ${LARGEST} bytes`, size)
    return readFileSync(file)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === undefined || !/^E[A-Z]+$/.test(code)) throw cause
    throw new VigieError('wrong_use', `${file} cannot be read`, { rule: 'the file can be read', value: code, cause })
  }
}

/**
 * The trees in a file; null for an ONNX file that is something else. Throws like `readModelFile` for all other files that
 * hold no trees which can be translated.
 */
export function treesIn(file: string, bytes: Uint8Array): ForeignModel | null {
  try {
    return readModelFile(file, bytes)
  } catch (error) {
    if (hasCode(error) && error.code === 'model_file_unsupported' && kindOf(file, bytes) === 'onnx') return null
    throw error
  }
}

/**
 * The model in a file of LightGBM, XGBoost or ONNX, told by its first bytes. What may hold code is refused unread.
 *
 * @throws `model_file_unsafe`, `model_file_invalid`, `model_file_unsupported` or `model_file_limit`
 */
export function readModelFile(file: string, bytes: Uint8Array): ForeignModel {
  const kind = kindOf(file, bytes)
  if (kind === 'onnx') return readOnnx(bytes)
  return kind === 'lightgbm' ? readLightgbm(textIn(bytes)) : readXgboost(textIn(bytes))
}

function kindOf(file: string, bytes: Uint8Array): 'lightgbm' | 'xgboost' | 'onnx' {
  const begins = new TextDecoder('latin1').decode(bytes.subarray(0, 16))
  const ending = path.extname(file).toLowerCase()
  if (PICKLES.has(ending) || isPickle(bytes)) {
    const rule = 'loading a pickle runs the code that is in it, whoever wrote it, so none is ever loaded'
    throw refused('model_file_unsafe', rule, path.basename(file))
  }
  const other = OTHERS.find(({ magic }) => begins.startsWith(magic))
  if (other) throw refused('model_file_unsupported', other.rule, path.basename(file))
  if (/^tree\r?\n/.test(begins)) return 'lightgbm'
  if (/^\s*\{\s*"/.test(begins)) return 'xgboost'
  if (begins.startsWith('{') || ending === '.ubj') {
    throw refused('model_file_unsupported', 'an XGBoost model is saved as JSON, save_model("m.json")', 'UBJSON')
  }
  return 'onnx'
}

const PICKLES = new Set(['.pkl', '.pickle', '.joblib', '.sav', '.dill', '.pt', '.pth'])

/** Protocol 2 and later. */
const isPickle = (bytes: Uint8Array): boolean => bytes[0] === 0x80 && bytes[1]! >= 2 && bytes[1]! <= 5

const OTHERS = [
  { magic: 'PK\u0003\u0004', rule: 'a model is one file and no archive' },
  { magic: '\u001f\u008b', rule: 'a model file is not compressed' },
  { magic: 'CBM1', rule: 'a CatBoost model is saved as ONNX, save_model("m.onnx", format="onnx")' },
  { magic: 'binf', rule: 'an XGBoost model is saved as JSON, save_model("m.json")' },
] as const

function textIn(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    throw refused('model_file_invalid', 'a text model is UTF-8', 'other bytes')
  }
}
