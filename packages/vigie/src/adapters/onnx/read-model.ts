import type { ForeignInput, ForeignModel, ForeignOutput, ForeignTree } from '../../domain/interchange/foreign-model.ts'
import { mustHold, refused } from '../../domain/interchange/refused.ts'
import { type EnsembleTree, ensembleTrees, withLeaves } from './ensemble-trees.ts'
import { type GraphNode, type ReadGraph, readGraph } from './read-graph.ts'

const FLOAT = 1
const DOUBLE = 11
const MOST_INPUTS = 65_536
const MOST_CLASSES = 256
/** Converters put them around trees without changing what is answered. Recorded rows prove that they do not. */
const AROUND = new Set(['Identity', 'Cast', 'ZipMap', 'Concat', 'Reshape', 'Mul', 'ArrayFeatureExtractor', 'Squeeze'])
const TREES = new Set(['TreeEnsembleClassifier', 'TreeEnsembleRegressor'])

/**
 * Reads an ONNX file whose graph is one ensemble of trees, as the converters of scikit-learn (skl2onnx), LightGBM and
 * XGBoost (onnxmltools) write them. Nothing of it is run.
 *
 * @throws `model_file_invalid`, `model_file_unsupported`, `model_file_unsafe` or `model_file_limit`
 */
export function readOnnx(bytes: Uint8Array): ForeignModel {
  const graph = readGraph(bytes)
  const other = [...new Set(graph.nodes.map(({ operator }) => operator))].filter(
    (op) => !AROUND.has(op) && !TREES.has(op),
  )
  const ensembles = graph.nodes.filter(({ operator }) => TREES.has(operator))
  const [ensemble] = ensembles
  if (other.length > 0 || ensembles.length !== 1 || !ensemble) {
    const found = other.length > 0 ? other.join(', ') : `${ensembles.length} ensembles`
    throw refused('model_file_unsupported', 'the graph of an ONNX file is one ensemble of trees', found)
  }
  const [first] = graph.inputs
  mustHold(first !== undefined && graph.inputs.every(({ type }) => type === first.type), 'inputs are of one type')
  if (first.type !== FLOAT && first.type !== DOUBLE) {
    throw refused('model_file_unsupported', 'inputs are float or double', `element type ${first.type}`)
  }
  const leaf = ensemble.operator === 'TreeEnsembleClassifier' ? 'class' : 'target'
  const trees = ensembleTrees(ensemble.attributes, leaf, first.type === FLOAT)
  const made = leaf === 'class' ? classifier(ensemble, trees) : regressor(ensemble, trees)
  return { tool: 'ONNX', version: graph.producer.slice(0, 100), inputs: inputs(graph, trees), notes: [], ...made }
}

interface Made {
  readonly trees: readonly ForeignTree[]
  readonly output: ForeignOutput
}

function regressor({ attributes }: GraphNode, trees: readonly EnsembleTree[]): Made {
  const transform = attributes.text('post_transform') || 'NONE'
  const aggregate = attributes.text('aggregate_function') || 'SUM'
  if (attributes.int('n_targets') > 1 || transform !== 'NONE' || (aggregate !== 'SUM' && aggregate !== 'AVERAGE')) {
    throw refused('model_file_unsupported', 'a regressor has one target, added up', `${aggregate}, ${transform}`)
  }
  const scale = aggregate === 'AVERAGE' ? trees.length : 1
  const base = bases(attributes.numbers('base_values'), 1)[0]!
  return { trees: trees.map((tree) => withLeaves(tree, (w) => (w.get(0) ?? 0) / scale)), output: { kind: 'sum', base } }
}

/**
 * onnxruntime's reading: with weights for one class alone a score is of class 1. `NONE` adds up probabilities, which is
 * the mean of leaves that are as many times larger as there are trees.
 */
function classifier({ attributes }: GraphNode, trees: readonly EnsembleTree[]): Made {
  const classes = Math.max(attributes.texts('classlabels_strings').length, attributes.ints('classlabels_int64s').length)
  mustHold(classes >= 2 && classes <= MOST_CLASSES, 'a classifier has two classes or more', classes)
  const used = new Set(trees.flatMap(({ weights }) => [...weights.values()].flatMap((w) => [...w.keys()])))
  mustHold(
    [...used].every((k) => k >= 0 && k < classes),
    'weights are of the classes',
  )
  const transform = attributes.text('post_transform') || 'NONE'
  const given = attributes.numbers('base_values')
  if (classes === 2) return twoClasses(transform, used, given, trees)
  const base = bases(given, classes)
  if (transform === 'SOFTMAX') {
    const parts = trees.flatMap((tree) =>
      classesOf(tree).map((k) => ({ k, tree: withLeaves(tree, (w) => w.get(k) ?? 0) })),
    )
    return {
      trees: parts.map(({ tree }) => tree),
      output: { kind: 'softmax', bases: base, treeClasses: parts.map(({ k }) => k) },
    }
  }
  if (transform !== 'NONE' || base.some((b) => b !== 0)) throw unknownTransform(transform)
  return {
    trees: trees.map((tree) =>
      withLeaves(tree, (w) => shares(Array.from({ length: classes }, (_, k) => w.get(k) ?? 0))),
    ),
    output: { kind: 'classes', classes },
  }
}

function twoClasses(
  transform: string,
  used: ReadonlySet<number>,
  given: readonly number[],
  trees: readonly EnsembleTree[],
): Made {
  const one = used.size <= 1
  const [only = 1] = used
  const base = bases(given, given.length === 2 ? 2 : 1)
  const shift = base.at(-1)!
  if (transform === 'LOGISTIC') {
    return {
      trees: trees.map((tree) => withLeaves(tree, (w) => w.get(one ? only : 1) ?? 0)),
      output: { kind: 'logistic', base: shift },
    }
  }
  if (transform === 'SOFTMAX' && !one) {
    const difference = base.length === 2 ? base[1]! - base[0]! : 0
    const margin = (w: ReadonlyMap<number, number>): number => (w.get(1) ?? 0) - (w.get(0) ?? 0)
    return { trees: trees.map((tree) => withLeaves(tree, margin)), output: { kind: 'logistic', base: difference } }
  }
  if (transform !== 'NONE' || base.some((b) => b !== 0)) throw unknownTransform(transform)
  const probability = (w: ReadonlyMap<number, number>): number => share((w.get(one ? only : 1) ?? 0) * trees.length)
  return { trees: trees.map((tree) => withLeaves(tree, probability)), output: { kind: 'mean' } }
}

const unknownTransform = (transform: string) =>
  refused('model_file_unsupported', 'sums become probabilities by LOGISTIC, by SOFTMAX, or are some', transform)

/** Products of float32 shares and a number of trees lie just beside what they were. */
function share(value: number): number {
  mustHold(value >= -1e-3 && value <= 1 + 1e-3, 'weights of trees are shares of a probability', value)
  return Math.min(1, Math.max(0, value))
}

function shares(weights: readonly number[]): readonly number[] {
  const total = weights.reduce((sum, w) => sum + w, 0)
  mustHold(total > 0, 'weights of a leaf are shares of a probability', total)
  return weights.map((w) => share(w / total))
}

function bases(given: readonly number[], outputs: number): readonly number[] {
  mustHold(given.length === 0 || given.length === outputs, `base_values has ${outputs} values`, given.length)
  return given.length === 0 ? Array.from({ length: outputs }, () => 0) : given
}

const classesOf = ({ weights }: EnsembleTree): readonly number[] => [
  ...new Set([...weights.values()].flatMap((w) => [...w.keys()])),
]

/** One matrix has no names of its columns, several inputs of one column have. */
function inputs({ inputs: ports }: ReadGraph, trees: readonly EnsembleTree[]): readonly ForeignInput[] {
  if (ports.length > 1) return ports.map(({ name }) => ({ name, categories: null }))
  let most = ports[0]!.width - 1
  for (const { splits } of trees) for (const split of splits) most = Math.max(most, split?.input ?? 0)
  if (most >= MOST_INPUTS) throw refused('model_file_limit', `a model has at most ${MOST_INPUTS} inputs`, most + 1)
  return Array.from({ length: most + 1 }, (_, i) => ({ name: `f${i}`, categories: null }))
}
