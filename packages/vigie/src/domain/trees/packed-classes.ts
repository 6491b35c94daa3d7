import { softmax } from '../softmax.ts'
import { type Forest, leafValue } from './packed.ts'

/**
 * The answer of a forest of several classes for one row: a probability for each. The mean of the leaves' rows, or the
 * softmax of the sums of each class's own trees.
 */
export function classesRow(forest: Forest, row: Float64Array, out: Float64Array): void {
  begin(forest, out, 0)
  for (let t = 0; t < forest.roots.length; t++) add(forest, t, row, 0, out, 0)
  finish(forest, out, 0)
}

/** `classesRow` for every row of the columns, to the same bits: row by row, one number a class. */
export function classesColumns(forest: Forest, columns: readonly Float64Array[], rows: number): Float64Array {
  const classes = classesOf(forest)
  const width = columns.length
  const out = new Float64Array(rows * classes)
  const block = new Float64Array(Math.min(rows, BLOCK) * width)
  for (let from = 0; from < rows; from += BLOCK) {
    const end = Math.min(rows, from + BLOCK)
    for (let f = 0; f < width; f++) {
      const column = columns[f]!
      for (let i = from; i < end; i++) block[(i - from) * width + f] = column[i]!
    }
    for (let i = from; i < end; i++) begin(forest, out, i * classes)
    for (let t = 0; t < forest.roots.length; t++) {
      for (let i = from; i < end; i++) add(forest, t, block, (i - from) * width, out, i * classes)
    }
    for (let i = from; i < end; i++) finish(forest, out, i * classes)
  }
  return out
}

/** Rows for which a tree stays in the nearest cache. */
const BLOCK = 4096

function classesOf({ objective }: Forest): number {
  if (objective?.kind === 'classes') return objective.classes
  return objective?.kind === 'softmax' ? objective.bases.length : 1
}

function begin({ objective }: Forest, out: Float64Array, at: number): void {
  if (objective?.kind === 'softmax') out.set(objective.bases, at)
  else out.fill(0, at, at + (objective?.kind === 'classes' ? objective.classes : 1))
}

function add(forest: Forest, tree: number, row: Float64Array, offset: number, out: Float64Array, at: number): void {
  const { roots, leaves, objective } = forest
  const value = leafValue(forest, roots[tree]!, row, offset)
  if (objective?.kind === 'softmax') out[at + (tree % objective.bases.length)]! += value
  else if (objective?.kind === 'classes') {
    const { classes } = objective
    for (let k = 0; k < classes; k++) out[at + k]! += leaves[value * classes + k]!
  }
}

function finish({ objective, roots }: Forest, out: Float64Array, at: number): void {
  if (objective?.kind === 'softmax') softmax(out, at, objective.bases.length)
  else if (objective?.kind === 'classes') {
    for (let k = 0; k < objective.classes; k++) out[at + k]! /= roots.length
  }
}
