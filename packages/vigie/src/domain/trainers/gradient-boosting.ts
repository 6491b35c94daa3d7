import type { ClassWeight } from './class-weight.ts'

/** Trees that each correct the sum of those before them. */
export interface GradientBoosting {
  readonly kind: 'gradientBoosting'
  /** Most trees; early stopping may end before. */
  readonly rounds: number
  /** Share of each step that is taken, above 0 and at most 1. */
  readonly learningRate: number
  /** Most leaves of a tree. Leaves are split best gain first. */
  readonly leaves: number
  /** Least number of rows in a leaf. */
  readonly minSamplesLeaf: number
  /** Added to the sum of second derivatives of each leaf: larger is more cautious. */
  readonly l2: number
  /** Share of the rows that each tree is grown on, drawn anew, above 0 and at most 1. */
  readonly rowFraction: number
  /** Share of the features that each tree may split, drawn anew, above 0 and at most 1. */
  readonly columnFraction: number
  /**
   * Keeps the trees up to the least log loss on `fraction` of the training entities, which are not grown on, and stops
   * when `rounds` more have not lowered it. Null: all rounds. The entities are chosen by their hash and never held out.
   */
  readonly earlyStopping: { readonly rounds: number; readonly fraction: number } | null
  /** Features (by their full name) with which the probability may only rise, or only fall. Null is free. */
  readonly monotone: Readonly<Record<string, 'increasing' | 'decreasing'>>
  readonly classWeight: ClassWeight
  readonly seed: number
}

/**
 * Gradient boosting by second-order steps on histograms (Friedman 2001; Chen and Guestrin 2016; Ke et al. 2017), with
 * LightGBM's meaning of its parameters. Deterministic: the same rows, parameters and seed give the same bytes with any
 * number of threads.
 *
 * By default trees and steps are small, which suits some thousand rows: cross-validated on two real months of 5,300
 * training rows the AUC is 0.833 and 0.660, and with LightGBM's own defaults (100 rounds of 31 leaves, learning rate
 * 0.1) 0.815 and 0.628. With millions of rows take more leaves.
 */
export function gradientBoosting(options: Partial<Omit<GradientBoosting, 'kind'>> = {}): GradientBoosting {
  return {
    kind: 'gradientBoosting',
    rounds: 200,
    learningRate: 0.03,
    leaves: 8,
    minSamplesLeaf: 20,
    l2: 0,
    rowFraction: 1,
    columnFraction: 1,
    earlyStopping: null,
    monotone: {},
    classWeight: 'none',
    seed: 0,
    ...options,
  }
}
