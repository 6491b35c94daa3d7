import { type CalibrationShape, calibrationLength } from '../calibration/calibration.ts'
import type { FeatureSpec } from '../feature-spec.ts'
import { isRecord } from '../legal-feature.ts'
import { linearLength } from '../linear/linear.ts'
import { MAX_NODES, NODE_BYTES, type Objective } from '../trees/packed.ts'
import type { ModelKind } from './artefact-header.ts'
import { MAX_GRAPH_BYTES } from './graph.ts'
import { check } from './invalid-artefact.ts'
import { outputWidth, type Target } from './target.ts'

/** Bytes of one element of each array that an artefact may have after its header, in the order of the file. */
export const SECTIONS = {
  /** Forest: index of each tree's root, int32. */
  roots: 4,
  /** Forest: nodes, as in `packed.ts`. */
  nodes: NODE_BYTES,
  /** Forest of several classes: table of leaves, float64. */
  leaves: 8,
  /** Forest: training rows that came to each node, float32. May be missing. */
  covers: 4,
  /** Linear model: see `linear.ts`, float64. */
  linear: 8,
  /** See `calibration.ts`, float64. */
  calibration: 8,
  /** Graph: the bytes of an ONNX file. */
  graph: 1,
} as const

export type SectionName = keyof typeof SECTIONS
/** Number of elements. A section that a model does not have is not named. */
export type Sections = { readonly [N in SectionName]?: number }

/** Where each section begins, as a multiple of 8, and where the last one ends. */
export function layout(from: number, sections: Sections): { readonly at: Sections; readonly end: number } {
  const at: { [N in SectionName]?: number } = {}
  let end = from
  for (const name of sectionNames()) {
    const length = sections[name]
    if (length === undefined) continue
    at[name] = aligned(end)
    end = at[name] + length * SECTIONS[name]
  }
  return { at, end }
}

/** All names, in the order of the file. */
export function sectionNames(): readonly SectionName[] {
  return Object.keys(SECTIONS) as SectionName[]
}

export function aligned(offset: number): number {
  return Math.ceil(offset / 8) * 8
}

/** Throws `artefact_invalid` unless these are the sections of such a model, with lengths that it can have. */
export function checkSections(
  value: unknown,
  model: {
    readonly model: ModelKind
    readonly objective: Objective | null
    readonly calibration: CalibrationShape | null
    readonly target: Target
    readonly features: FeatureSpec
  },
): asserts value is Sections {
  check(isRecord(value), 'the sections are not named')
  const { objective, calibration, target, features } = model
  const { roots, nodes, leaves, covers, linear } = value
  const isForest = model.model === 'forest'
  for (const name of Object.keys(value)) check(Object.hasOwn(SECTIONS, name), 'a section is not known')
  const has = (name: SectionName): boolean => Object.hasOwn(value, name)
  check(has('roots') === isForest && has('nodes') === isForest, 'the sections are of another model')
  check(has('leaves') === (objective?.kind === 'classes'), 'the leaves are of another model')
  check(
    has('linear') === (model.model === 'linear') && (isForest || !has('covers')),
    'the sections are of another model',
  )
  check(has('graph') === (model.model === 'graph'), 'the sections are of another model')
  if (isForest) {
    check(isWhole(roots, 1, MAX_NODES), 'the number of trees is out of range')
    check(objective?.kind !== 'softmax' || roots % objective.bases.length === 0, 'a round lacks the tree of a class')
    check(isWhole(nodes, roots, MAX_NODES), 'the number of nodes is out of range')
    check(!has('covers') || covers === nodes, 'the covers are of another number of nodes')
  } else if (model.model === 'graph') check(isWhole(value.graph, 1, MAX_GRAPH_BYTES), 'the graph is of another size')
  else check(linear === linearLength(features, target), 'the linear model is of another size')
  if (objective?.kind === 'classes') {
    const width = outputWidth(target)
    check(isWhole(leaves, width, MAX_NODES * width) && leaves % width === 0, 'the leaves are no table of the classes')
  }
  const curves = calibration === null ? undefined : calibrationLength(calibration, target)
  check(
    value.calibration === curves && has('calibration') === (curves !== undefined),
    'the calibration is of another size',
  )
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
}
