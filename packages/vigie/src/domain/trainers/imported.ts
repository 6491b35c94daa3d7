import { isRecord, isText, sameFields } from '../legal-feature.ts'

/** What made a model that was not trained here: the tool, its version as the file says, and sha256 of that file. */
export interface Imported {
  readonly kind: 'imported'
  readonly tool: 'LightGBM' | 'XGBoost' | 'ONNX'
  readonly version: string
  readonly sha256: string
}

const SHA256 = /^[0-9a-f]{64}$/
const LONGEST = 100

/** True for a well-formed origin, whatever came out of a file. */
export function isLegalImported(value: unknown): value is Imported {
  return (
    isRecord(value) &&
    sameFields(value, ['kind', 'sha256', 'tool', 'version']) &&
    value.kind === 'imported' &&
    (value.tool === 'LightGBM' || value.tool === 'XGBoost' || value.tool === 'ONNX') &&
    isText(value.version) &&
    value.version.length <= LONGEST &&
    isText(value.sha256) &&
    SHA256.test(value.sha256)
  )
}
