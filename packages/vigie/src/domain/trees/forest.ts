import { VigieError } from '../../errors.ts'
import type { RandomForest } from '../trainer.ts'
import { TreeGrower } from './grow.ts'
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
  const grower = new TreeGrower(set, trainer)
  const trees: Forest[] = []
  for (let tree = from; tree < to; tree++) {
    const { buffer, length } = grower.grow(tree)
    trees.push(forestOver(new Int32Array(1), buffer, 0, length / 4))
    onTree?.(tree - from + 1)
  }
  return joinForests(trees)
}

/** One forest of all trees, in the order of the parts. Throws `model_too_large` beyond what a node can point to. */
export function joinForests(parts: readonly Forest[], objective: Objective | null = null): Forest {
  const nodes = parts.reduce((sum, { words }) => sum + words.length / 4, 0)
  if (nodes > MAX_NODES) {
    throw new VigieError('model_too_large', `the forest has ${nodes} nodes`, {
      rule: `a forest has at most ${MAX_NODES} nodes`,
      value: String(nodes),
    })
  }
  const roots = new Int32Array(parts.reduce((sum, part) => sum + part.roots.length, 0))
  const joined = forestOver(roots, new ArrayBuffer(nodes * NODE_BYTES), 0, nodes, objective)
  let tree = 0
  let base = 0
  for (const part of parts) {
    for (const root of part.roots) roots[tree++] = base + root
    joined.words.set(part.words, 4 * base)
    const end = base + part.words.length / 4
    for (let node = base; node < end; node++) {
      if (joined.words[4 * node + 2] !== LEAF) joined.words[4 * node + 3]! += base
    }
    base = end
  }
  return joined
}
