import { mustHold, refused } from '../../domain/interchange/refused.ts'
import { Message } from './message.ts'

/** What a node of a graph is told. */
export interface Attributes {
  readonly ints: (name: string) => readonly number[]
  /** Floats, or the float64 of `<name>_as_tensor`. */
  readonly numbers: (name: string) => readonly number[]
  readonly texts: (name: string) => readonly string[]
  readonly text: (name: string) => string
  readonly int: (name: string) => number
}

export interface GraphNode {
  readonly operator: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Attributes
}

export interface Port {
  readonly name: string
  /** Of `TensorProto.DataType`; 0: no tensor. */
  readonly type: number
  /** 0: any. */
  readonly width: number
  /** Number of its dimensions. */
  readonly rank: number
}

/** An ONNX graph whose numbers are all in the file itself. */
export interface ReadGraph {
  readonly producer: string
  readonly metadata: ReadonlyMap<string, string>
  readonly nodes: readonly GraphNode[]
  /** Inputs that are no constants. */
  readonly inputs: readonly Port[]
  readonly outputs: readonly Port[]
  /** Lists of texts among the constants. */
  readonly texts: readonly (readonly string[])[]
}

const MOST_NODES = 1000
const EXTERNAL = 1
const GRAPH_ATTRIBUTES = [6, 11]

/**
 * Reads a model as a graph. No data of other files (CVE-2022-25882), no functions, no graphs inside nodes.
 *
 * @throws `model_file_invalid`, `model_file_unsupported` or `model_file_limit`
 */
export function readGraph(bytes: Uint8Array): ReadGraph {
  const model = new Message(bytes)
  const graph = model.message(7)
  mustHold(graph !== null && model.has(8), 'an ONNX file has a graph and versions of its operators')
  if (model.has(25)) throw refused('model_file_unsupported', 'a graph has no functions of its own', 'functions')
  const constants = graph.messages(5)
  constants.forEach(refuseExternal)
  if (graph.has(15)) throw refused('model_file_unsupported', 'constants are not sparse', 'sparse_initializer')
  const nodes = graph.messages(1)
  if (nodes.length > MOST_NODES)
    throw refused('model_file_limit', `a graph has at most ${MOST_NODES} nodes`, nodes.length)
  const named = new Set(constants.map((constant) => constant.text(8)))
  return {
    producer: `${model.text(2)} ${model.text(3)}`.trim(),
    metadata: new Map(model.messages(14).map((entry) => [entry.text(1), entry.text(2)])),
    nodes: nodes.map(graphNode),
    inputs: graph
      .messages(11)
      .map(port)
      .filter(({ name }) => !named.has(name)),
    outputs: graph.messages(12).map(port),
    texts: constants.filter((constant) => constant.has(6)).map((constant) => constant.texts(6)),
  }
}

function refuseExternal(tensor: Message): void {
  if (tensor.whole(14) === EXTERNAL || tensor.has(13)) {
    throw refused(
      'model_file_unsafe',
      'all numbers of a model are in its file, and none is read from others',
      'external_data',
    )
  }
}

function port(value: Message): Port {
  const tensor = value.message(2)?.message(1)
  const dimensions = tensor?.message(2)?.messages(1) ?? []
  const width = dimensions.at(-1)?.whole(1) ?? 0
  return { name: value.text(1), type: tensor?.whole(1) ?? 0, width, rank: dimensions.length }
}

function graphNode(node: Message): GraphNode {
  const attributes = new Map(node.messages(5).map((attribute) => [attribute.text(1), attribute]))
  for (const attribute of attributes.values()) {
    if (GRAPH_ATTRIBUTES.some((field) => attribute.has(field))) {
      throw refused('model_file_unsupported', 'nodes hold no graphs', node.text(4))
    }
    for (const tensor of [...attribute.messages(5), ...attribute.messages(10)]) refuseExternal(tensor)
  }
  const domain = node.text(7)
  return {
    operator:
      domain === '' || domain === 'ai.onnx' || domain === 'ai.onnx.ml' ? node.text(4) : `${domain}.${node.text(4)}`,
    inputs: node.texts(1),
    outputs: node.texts(2),
    attributes: {
      ints: (name) => attributes.get(name)?.wholes(8) ?? [],
      texts: (name) => attributes.get(name)?.texts(9) ?? [],
      text: (name) => attributes.get(name)?.text(4) ?? '',
      int: (name) => attributes.get(name)?.whole(3) ?? 0,
      numbers: (name) =>
        attributes.get(name)?.floats(7) ?? tensorNumbers(attributes.get(`${name}_as_tensor`)?.message(5)),
    },
  }
}

const FLOAT = 1
const DOUBLE = 11

function tensorNumbers(tensor: Message | null | undefined): readonly number[] {
  if (!tensor) return []
  const raw = tensor.bytes(9)
  const type = tensor.whole(2)
  mustHold(type === FLOAT || type === DOUBLE, 'numbers are float or double', type)
  if (raw === null) return type === FLOAT ? tensor.floats(4) : tensor.doubles(10)
  const size = type === FLOAT ? 4 : 8
  mustHold(raw.length % size === 0, 'numbers of a tensor are whole', raw.length)
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
  return Array.from({ length: raw.length / size }, (_, i) =>
    type === FLOAT ? view.getFloat32(i * size, true) : view.getFloat64(i * size, true),
  )
}
