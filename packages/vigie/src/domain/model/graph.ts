import type { FeatureSpec } from '../feature-spec.ts'
import { isRecord, isText, sameFields } from '../legal-feature.ts'
import { outputWidth, type Target } from './target.ts'

/** An ONNX graph that is kept as it is, and how it is asked. A runtime computes it: see `ports/graph-runtime.ts`. */
export interface Graph {
  readonly shape: GraphShape
  /** The file. Checked again before each time that a runtime reads it. */
  readonly bytes: Uint8Array
}

/** What of our rows goes into a graph, and where in its outputs our answer is. */
export interface GraphShape {
  readonly inputs: readonly GraphInput[]
  readonly output: {
    readonly name: string
    /** Numbers that it has a row. */
    readonly width: number
    /** Which of them are our answer, in the order of the target. */
    readonly columns: readonly number[]
  }
  /** The recorded rows by which it was admitted: how many, and sha256 of them with the answers that were expected. */
  readonly proof: { readonly rows: number; readonly sha256: string }
}

export type GraphType = 'float32' | 'float64' | 'int64' | 'bool' | 'string'

/** A tensor of a row a case. */
export interface GraphInput {
  readonly name: string
  readonly type: GraphType
  readonly columns: readonly GraphColumn[]
}

/** The value of a feature; or 1 where a category has the code `is`, else 0. */
export interface GraphColumn {
  readonly feature: number
  readonly is: number | null
}

/** Most bytes of a graph: a server reads it in one step, which takes it about a second. */
export const MAX_GRAPH_BYTES = 32 << 20
export const MAX_GRAPH_COLUMNS = 65_536
const MAX_OUTPUT = 1024
const TYPES: readonly unknown[] = ['float32', 'float64', 'int64', 'bool', 'string']
const SHA256 = /^[0-9a-f]{64}$/

/** True for a well-formed shape for such rows and answers, whatever came out of a file. */
export function isGraphShape(value: unknown, features: FeatureSpec, target: Target): value is GraphShape {
  if (!(isRecord(value) && sameFields(value, ['inputs', 'output', 'proof']))) return false
  const { inputs, output, proof } = value
  if (!(isRecord(proof) && sameFields(proof, ['rows', 'sha256']) && isWhole(proof.rows, 1, 2 ** 31))) return false
  if (!(isText(proof.sha256) && SHA256.test(proof.sha256))) return false
  if (!(isRecord(output) && sameFields(output, ['columns', 'name', 'width']) && isText(output.name))) return false
  const { width, columns } = output
  if (!(isWhole(width, 1, MAX_OUTPUT) && Array.isArray(columns) && columns.length === outputWidth(target))) return false
  if (!columns.every((column) => isWhole(column, 0, width - 1)) || new Set(columns).size !== columns.length)
    return false
  if (!(Array.isArray(inputs) && inputs.length > 0 && inputs.length <= MAX_GRAPH_COLUMNS)) return false
  if (!inputs.every((input) => isInput(input, features))) return false
  return new Set(inputs.map(({ name }) => name)).size === inputs.length
}

function isInput(value: unknown, features: FeatureSpec): boolean {
  if (!(isRecord(value) && sameFields(value, ['columns', 'name', 'type']) && isText(value.name))) return false
  const { type, columns } = value
  if (!(TYPES.includes(type) && Array.isArray(columns) && isWhole(columns.length, 1, MAX_GRAPH_COLUMNS))) return false
  return columns.every((column) => {
    if (!(isRecord(column) && sameFields(column, ['feature', 'is']))) return false
    if (!isWhole(column.feature, 0, features.length - 1)) return false
    const { categories = [], type: of, optional } = features[column.feature]!
    if (type === 'string') return of === 'category' && column.is === null
    if (column.is !== null) return isWhole(column.is, 0, categories.length - 1)
    // These have nothing that says null.
    return !optional || (type !== 'int64' && type !== 'bool')
  })
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
}
