import type { FeatureSpec } from '../domain/feature-spec.ts'
import type { Graph } from '../domain/model/graph.ts'
import type { Target } from '../domain/model/target.ts'

/** A graph with the rows that it reads and what it answers. */
export interface GraphModel {
  readonly graph: Graph
  readonly features: FeatureSpec
  readonly target: Target
}

/** Computes models that are graphs of operators and not ours. */
export interface GraphRuntime {
  /**
   * Checks the graph and makes it ready. Throws `model_runtime_missing` when no runtime is installed, `model_file_unsafe`,
   * `model_file_unsupported`, `model_file_limit` or `model_file_invalid` for a graph that is never run, and
   * `model_graph_failed` when the runtime refuses it.
   */
  open(model: GraphModel): Promise<OpenGraph>
}

export interface OpenGraph {
  /**
   * `outputWidth` answers a row. `columns[f]` holds feature `f` of all rows as a Frame does. The runtime computes on the
   * thread that calls, in a later turn of its event loop. Throws `model_graph_failed`.
   */
  answers(columns: readonly Float64Array[], rows: number): Promise<Float64Array>
  /** Ends it when what was asked has been answered. */
  close(): Promise<void>
}
