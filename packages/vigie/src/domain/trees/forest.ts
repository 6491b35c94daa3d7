import { VigieError } from '../../errors.ts'
import type { RandomForest } from '../trainer.ts'
import type { TreeGrower } from './grow.ts'
import { BinaryGrower } from './grow-binary.ts'
import { ClassGrower } from './grow-classes.ts'
import { NumberGrower } from './grow-numbers.ts'
import { type Forest, forestOver, LEAF, MAX_NODES, NODE_BYTES, type Objective } from './packed.ts'
import type { TrainingSet } from './training-set.ts'

/** Grows trees `from` to `to - 1`. A forest is the same whether its trees are grown at once or in pieces and joined. */
export function growTrees(
  set: TrainingSet,
  trainer: RandomForest,
  from: number,
  to: number,
  onTree?: (done: number) => void,
): Forest {
  const grower = growerFor(set, trainer)
  const trees: Forest[] = []
  for (let tree = from; tree < to; tree++) {
    const { words, covers } = grower.grow(tree)
    trees.push(forestOver(new Int32Array(1), words.buffer, 0, words.length / 4, null, { covers }))
    onTree?.(tree - from + 1)
  }
  const forest = joinForests(trees)
  if (set.target.kind !== 'classes') return forest
  const leaves = Float64Array.from((grower as ClassGrower).leaves)
  return { ...forest, objective: { kind: 'classes', classes: set.target.classes.length }, leaves }
}

function growerFor(set: TrainingSet, trainer: RandomForest): TreeGrower {
  if (set.target.kind === 'number') return new NumberGrower(set, trainer)
  if (set.target.kind === 'classes' || set.rowWeights !== null) return new ClassGrower(set, trainer)
  return new BinaryGrower(set, trainer)
}

/**
 * One forest of all trees, in the order of the parts. Parts of several classes begin their tables of leaves with those of
 * pure leaves, which the whole has once. Throws `model_too_large` beyond what a node can point to.
 */
export function joinForests(parts: readonly Forest[], objective: Objective | null = null): Forest {
  const nodes = parts.reduce((sum, { words }) => sum + words.length / 4, 0)
  if (nodes > MAX_NODES) {
    throw new VigieError('model_too_large', `the forest has ${nodes} nodes`, {
      rule: `a forest has at most ${MAX_NODES} nodes`,
      value: String(nodes),
    })
  }
  const roots = new Int32Array(parts.reduce((sum, part) => sum + part.roots.length, 0))
  const covers = parts.some((part) => part.covers === null) ? null : new Float32Array(nodes)
  const classes = objective?.kind === 'classes' ? objective.classes : 0
  const leaves = joinLeaves(parts, classes)
  const joined = forestOver(roots, new ArrayBuffer(nodes * NODE_BYTES), 0, nodes, objective, { covers, leaves })
  let tree = 0
  let base = 0
  let addedRows = 0
  for (const part of parts) {
    for (const root of part.roots) roots[tree++] = base + root
    joined.words.set(part.words, 4 * base)
    if (part.covers) covers?.set(part.covers, base)
    const end = base + part.words.length / 4
    for (let node = base; node < end; node++) {
      if (joined.words[4 * node + 2] !== LEAF) joined.words[4 * node + 3]! += base
      else if (joined.values[2 * node]! >= classes && classes > 0) joined.values[2 * node]! += addedRows
    }
    base = end
    if (classes > 0) addedRows += part.leaves.length / classes - classes
  }
  return joined
}

function joinLeaves(parts: readonly Forest[], classes: number): Float64Array {
  const pure = classes * classes
  const added = parts.map(({ leaves }) => leaves.subarray(pure))
  const joined = new Float64Array(added.reduce((sum, rows) => sum + rows.length, classes > 0 ? pure : 0))
  if (classes === 0) return joined
  joined.set(parts[0]!.leaves.subarray(0, pure))
  let at = pure
  for (const rows of added) {
    joined.set(rows, at)
    at += rows.length
  }
  return joined
}
