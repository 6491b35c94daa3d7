import { createRequire } from 'node:module'
import path from 'node:path'
import { VigieError } from '../../errors.ts'

/** The version that answers were compared with. */
export const RUNTIME = 'onnxruntime-node@1.30.0'

/** What is used of onnxruntime-node. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(bytes: Uint8Array, options: Readonly<Record<string, unknown>>): Promise<Session>
  }
  readonly Tensor: new (type: string, data: TensorData, dims: readonly number[]) => unknown
}

export type TensorData = Float32Array | Float64Array | BigInt64Array | Uint8Array | readonly string[]

export interface Session {
  run(feeds: Readonly<Record<string, unknown>>, fetches: readonly string[]): Promise<Readonly<Record<string, Output>>>
  release(): Promise<void>
}

export interface Output {
  readonly type: string
  readonly data: ArrayLike<unknown>
}

let loaded: OnnxRuntime | null = null

/**
 * onnxruntime-node, which is no dependency: it takes 288 MB, and few need it. Looked for in the folder that
 * `VIGIE_ONNXRUNTIME` names, in the project and beside this package. Throws `model_runtime_missing`.
 */
export function onnxRuntime(): OnnxRuntime {
  loaded ??= load()
  return loaded
}

function load(): OnnxRuntime {
  const named = process.env.VIGIE_ONNXRUNTIME
  const places = [...(named ? [path.resolve(named)] : []), process.cwd()].map((folder) =>
    path.join(folder, 'package.json'),
  )
  let failure: unknown
  for (const place of [...places, import.meta.url]) {
    try {
      return createRequire(place)('onnxruntime-node')
    } catch (cause) {
      // one that is there and cannot be loaded says more than one that is not
      if (failure === undefined || codeOf(cause) !== 'MODULE_NOT_FOUND') failure = cause
    }
  }
  const why = codeOf(failure) === 'MODULE_NOT_FOUND' ? 'is not installed' : `cannot be loaded: ${failure}`
  throw new VigieError('model_runtime_missing', `onnxruntime-node ${why}`.slice(0, 300), {
    rule: 'a model that is an ONNX graph is computed by onnxruntime-node',
    value: RUNTIME,
    cause: failure,
  })
}

const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown } | undefined)?.code
