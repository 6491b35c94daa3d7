import { refused } from '../../domain/interchange/refused.ts'
import { MAX_GRAPH_BYTES } from '../../domain/model/graph.ts'
import { Message } from './message.ts'

/** What the converters of scikit-learn, LightGBM and XGBoost write, and `export-model.ts`: no loops, no branches, no chance. */
const OPERATORS = new Set(
  `Abs Add And ArgMax ArgMin Cast Clip Concat Constant Div Equal Erf Exp Flatten Floor Gather GatherElements Gemm Greater
  GreaterOrEqual Identity IsNaN LeakyRelu Less LessOrEqual Log MatMul Max Mean Min Mul Neg Not Or Pow Reciprocal ReduceMax
  ReduceL1 ReduceL2 ReduceLogSumExp ReduceMean ReduceMin ReduceSum ReduceSumSquare Relu Reshape Round Shape Sigmoid Sign Slice Softmax Softplus Split Sqrt
  Squeeze Sub Sum Tanh TopK Transpose Unsqueeze Where ArrayFeatureExtractor Binarizer FeatureVectorizer Imputer LabelEncoder
  LinearClassifier LinearRegressor Normalizer OneHotEncoder Scaler SVMClassifier SVMRegressor TreeEnsemble
  TreeEnsembleClassifier TreeEnsembleRegressor`.split(/\s+/),
)
const DOMAINS = ['', 'ai.onnx', 'ai.onnx.ml']
const MOST_NODES = 1000
const MOST_CONSTANTS = 10_000

/** Fields of onnx.proto that a graph may have here. Others hold functions, training, graphs in graphs, sparse tensors. */
const FIELDS = {
  model: [1, 2, 3, 4, 5, 6, 7, 8, 14],
  graph: [1, 2, 5, 10, 11, 12, 13],
  node: [1, 2, 3, 4, 5, 6, 7],
  attribute: [1, 2, 3, 4, 5, 7, 8, 9, 10, 13, 20],
} as const

/**
 * Refuses a graph that may do anything but compute a known list of operators on numbers that are all in the file. A
 * runtime merges messages that are there twice, so what may be there once must be.
 *
 * @throws `model_file_unsafe`, `model_file_unsupported`, `model_file_limit` or `model_file_invalid`
 */
export function checkGraph(bytes: Uint8Array): void {
  if (bytes.byteLength > MAX_GRAPH_BYTES) {
    throw refused('model_file_limit', `a graph has at most ${MAX_GRAPH_BYTES} bytes`, bytes.byteLength)
  }
  const model = new Message(bytes)
  known(model, 'model')
  for (const set of model.messages(8)) requireDomain(set.text(1))
  const graphs = model.messages(7)
  const [graph] = graphs
  if (!graph || graphs.length > 1) throw refused('model_file_invalid', 'an ONNX file has one graph', graphs.length)
  known(graph, 'graph')
  const [nodes, constants] = [graph.messages(1), graph.messages(5)]
  if (nodes.length > MOST_NODES || constants.length > MOST_CONSTANTS) {
    const value = `${nodes.length} and ${constants.length}`
    throw refused('model_file_limit', `a graph has at most ${MOST_NODES} nodes and ${MOST_CONSTANTS} constants`, value)
  }
  constants.forEach(checkTensor)
  nodes.forEach(checkNode)
}

function checkNode(node: Message): void {
  known(node, 'node')
  const operator = node.text(4)
  requireDomain(node.text(7))
  if (operator === 'ZipMap') {
    const rule = 'probabilities are a tensor: export without ZipMap, to_onnx(model, rows, options={"zipmap": False})'
    throw refused('model_file_unsupported', rule, operator)
  }
  if (!OPERATORS.has(operator)) {
    throw refused('model_file_unsupported', 'operators are those of scikit-learn, LightGBM and XGBoost', operator)
  }
  for (const attribute of node.messages(5)) {
    known(attribute, 'attribute')
    for (const tensor of [...attribute.messages(5), ...attribute.messages(10)]) checkTensor(tensor)
  }
}

function checkTensor(tensor: Message): void {
  if (!tensor.has(13) && !tensor.has(14)) return
  if (!tensor.has(13) && tensor.whole(14) === 0) return
  const rule = 'all numbers of a model are in its file, and none is read from others'
  throw refused('model_file_unsafe', rule, 'external_data')
}

function requireDomain(domain: string): void {
  if (!DOMAINS.includes(domain)) {
    throw refused('model_file_unsupported', 'operators are of ai.onnx and ai.onnx.ml', domain)
  }
}

function known(message: Message, kind: keyof typeof FIELDS): void {
  const allowed: readonly number[] = FIELDS[kind]
  const other = message.fields().find((field) => !allowed.includes(field))
  if (other !== undefined) {
    const rule = `a ${kind} is made of operators and numbers, without functions, graphs in graphs or training`
    throw refused('model_file_unsupported', rule, `field ${other} of onnx.proto`)
  }
}
