import { VigieError } from '../../errors.ts'
import type { Model } from '../model/model.ts'
import type { Forest } from '../trees/packed.ts'
import { ForestExplainer } from './forest-explainer.ts'
import { LinearExplainer } from './linear-explainer.ts'

/** In what contributions are told: what a model adds up before it answers. */
export type Space = 'log_odds' | 'probability' | 'number'

/** Explains rows of one model. Made once a model: it keeps what is the same for every row. */
export interface Explainer {
  readonly space: Space
  /** 1, or one for each class. */
  readonly outputs: number
  /** True when the answer is calibrated: contributions are to the score before. */
  readonly beforeCalibration: boolean
  /** Node visits that a row takes, for whoever has to bound them. */
  readonly cost: number
  /** Of each output: the mean of the raw score over the training rows. */
  bases(): Float64Array
  /**
   * Writes the contributions of the features into `phi`: output `k`, feature `f` at `k * features + f`. With the base
   * they add up to the raw score of the row, which holds the features in the order of the model, NaN for null. Stops
   * every now and then, so that other work gets its turn; rows are explained one after another.
   */
  explain(row: Float64Array, phi: Float64Array): Generator<void, void>
}

/** Throws `explanation_unavailable` for a graph, and a forest of which nobody knows where its training rows went. */
export function explainerOf({ header, body, calibration }: Model): Explainer {
  const width = header.features.length
  const isNumber = header.target.kind === 'number'
  const beforeCalibration = calibration !== null
  if (body.kind === 'linear') {
    const linear = new LinearExplainer(body.linear)
    const { outputs } = linear
    return {
      space: isNumber ? 'number' : 'log_odds',
      outputs,
      beforeCalibration,
      cost: outputs * width,
      bases: () => linear.bases(),
      *explain(row, phi) {
        linear.explain(row, phi)
        yield
      },
    }
  }
  if (body.kind === 'graph') {
    throw new VigieError('explanation_unavailable', 'what an ONNX graph adds up is not known', {
      rule: 'contributions are told of trees and linear models',
      value: header.trainer.kind,
      hint: 'Import the model as trees, or train the version here.',
    })
  }
  const { forest } = body
  if (forest.covers === null) {
    throw new VigieError('explanation_unavailable', 'nobody counted how many training rows came to each node', {
      rule: 'contributions are told from the mean over the training rows, which the nodes of the trees have counted',
      value: header.trainer.kind,
    })
  }
  const trees = new ForestExplainer(forest, forest.covers, width)
  return {
    space: isNumber ? 'number' : spaceOf(forest),
    outputs: trees.outputs,
    beforeCalibration,
    cost: forest.words.length / 4,
    bases: () => trees.bases(),
    explain: (row, phi) => trees.explain(row, phi),
  }
}

function spaceOf({ objective }: Forest): Space {
  return objective === null || objective.kind === 'classes' ? 'probability' : 'log_odds'
}
