import type { FeatureSpec } from '../../domain/feature-spec.ts'
import { featureInputs } from '../../domain/interchange/feature-inputs.ts'
import { refused } from '../../domain/interchange/refused.ts'
import {
  type GraphInput,
  type GraphShape,
  type GraphType,
  isGraphShape,
  MAX_GRAPH_COLUMNS,
} from '../../domain/model/graph.ts'
import { classNames, outputWidth, type Target } from '../../domain/model/target.ts'
import { VigieError } from '../../errors.ts'
import { checkGraph } from './check-graph.ts'
import { type Port, type ReadGraph, readGraph } from './read-graph.ts'

/** Of `TensorProto.DataType`. */
const TYPES: Readonly<Record<number, GraphType>> = { 1: 'float32', 7: 'int64', 8: 'string', 9: 'bool', 11: 'float64' }
const NAMES_OF_OURS = 'features'

/** A graph that is kept as it is, found out from its file. */
export interface ReadShape {
  readonly shape: GraphShape
  /** The tool that wrote it, and its version. */
  readonly producer: string
  readonly nodes: number
}

/**
 * How a graph is asked for the features of a project: which inputs are which, and which output is the answer. `names`
 * are the features of its inputs' columns in their order, where the file has no names. Nothing of the file is run.
 *
 * @throws `model_inputs_unknown`, `model_file_unsafe`, `model_file_unsupported`, `model_file_limit`, `model_file_invalid`
 */
export function graphShape(
  bytes: Uint8Array,
  {
    features,
    target,
    names,
    proof,
  }: {
    readonly features: FeatureSpec
    readonly target: Target
    readonly names: readonly string[] | undefined
    readonly proof: GraphShape['proof']
  },
): ReadShape {
  checkGraph(bytes)
  const graph = readGraph(bytes)
  const shape = { inputs: inputs(graph, features, names), output: output(graph, target), proof }
  for (const { name, type, columns } of shape.inputs) {
    const optional = columns.find(({ feature, is }) => is === null && features[feature]!.optional)
    if (optional && (type === 'int64' || type === 'bool')) {
      throw new VigieError('model_inputs_unknown', `the input ${name} is ${type} and has nothing that says null`, {
        rule: 'a feature that may be null is an input of float or of text',
        value: features[optional.feature]!.name,
        hint: 'Declare the input as float when the model is exported.',
      })
    }
  }
  if (!isGraphShape(shape, features, target)) {
    throw refused('model_file_unsupported', 'inputs are numbers, or texts of categories', graph.inputs.length)
  }
  return { shape, producer: graph.producer, nodes: graph.nodes.length }
}

function inputs(graph: ReadGraph, features: FeatureSpec, given: readonly string[] | undefined): readonly GraphInput[] {
  const ports = graph.inputs
  const single = ports.length === 1 && ports[0]!.width !== 1
  const width = single ? ports[0]!.width || (given?.length ?? features.length) : ports.length
  if (width > MAX_GRAPH_COLUMNS || !ports.every((port) => single || port.width <= 1)) {
    throw refused('model_file_unsupported', 'a graph has one matrix as input, or inputs of one column', ports.length)
  }
  const ours = single ? namesOfOurs(graph, width) : null
  const foreign = Array.from({ length: width }, (_, i) => {
    return { name: single ? (ours?.[i] ?? `f${i}`) : ports[i]!.name, categories: null }
  })
  const columns = featureInputs(foreign, features, given).map((input) => {
    return { feature: input.feature, is: input.kind === 'is' ? input.code : null }
  })
  const typed = (port: Port): GraphType => {
    const type = TYPES[port.type]
    if (type !== undefined) return type
    throw refused(
      'model_file_unsupported',
      'inputs are float, double, int64, bool or string',
      `element type ${port.type}`,
    )
  }
  if (single) return [{ name: ports[0]!.name, type: typed(ports[0]!), columns }]
  return ports.map((port, i) => ({ name: port.name, type: typed(port), columns: [columns[i]!] }))
}

/** Files of ours say which features they read. */
function namesOfOurs({ metadata, producer }: ReadGraph, width: number): readonly string[] | null {
  const text = metadata.get(NAMES_OF_OURS)
  if (text === undefined || !producer.startsWith('vigie ')) return null
  try {
    const list: unknown = JSON.parse(text)
    const names = Array.isArray(list) ? list.map((column: { readonly name?: unknown } | null) => column?.name) : []
    return names.length === width && names.every((name) => typeof name === 'string') ? names : null
  } catch (cause) {
    if (cause instanceof SyntaxError) return null
    throw cause
  }
}

function output(graph: ReadGraph, target: Target): GraphShape['output'] {
  const found = graph.outputs.filter(({ type }) => type === 1 || type === 11)
  // Converters put the label first; scores of no certain meaning are called otherwise.
  const port = found.find(({ name }) => /prob/i.test(name)) ?? found.at(-1)
  if (!port) {
    const rule = 'one output is a tensor of float or double: probabilities, or the number'
    throw refused('model_file_unsupported', rule, graph.outputs.map(({ name }) => name).join(', '))
  }
  const classes = classNames(target)
  const isLabelled = graph.outputs.length > 1
  // One dimension is one number a row.
  const width =
    port.rank < 2 ? 1 : port.width || (target.kind === 'binary' && !isLabelled ? 1 : Math.max(1, classes.length))
  if (target.kind === 'number' || (target.kind === 'binary' && width === 1)) {
    if (width !== 1) throw refused('model_file_unsupported', 'the label is a number', `${width} answers a row`)
    return { name: port.name, width, columns: [0] }
  }
  if (width !== classes.length) {
    throw refused(
      'model_file_unsupported',
      `the label has ${outputWidth(target) || 2} classes`,
      `${width} answers a row`,
    )
  }
  const order = orderOf(graph, classes)
  return { name: port.name, width, columns: target.kind === 'binary' ? [order[1]!] : order }
}

/** Tools order classes by their texts; the file has these. Where it has none the order is the definition's. */
function orderOf(graph: ReadGraph, classes: readonly string[]): readonly number[] {
  const lists = [...graph.texts, ...graph.nodes.map(({ attributes }) => attributes.texts('classlabels_strings'))]
  const same = lists.find((list) => list.length === classes.length && classes.every((name) => list.includes(name)))
  return classes.map((name, k) => (same ? same.indexOf(name) : k))
}
