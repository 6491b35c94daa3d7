import type { ClassWeight } from './class-weight.ts'

export interface RandomForest {
  readonly kind: 'randomForest'
  /** Number of trees. */
  readonly trees: number
  /** Features tried at each split. Constant features count, as in scikit-learn. */
  readonly maxFeatures: 'sqrt' | 'all' | number
  readonly classWeight: ClassWeight
  /** Least number of distinct rows in a leaf; bootstrap repetitions do not count. */
  readonly minSamplesLeaf: number
  readonly maxDepth: number | null
  readonly seed: number
}

/**
 * A forest of fully grown trees on bootstrap samples (Breiman 2001), scikit-learn's defaults. Deterministic: the same
 * rows, parameters and seed give the same bytes with any number of threads.
 */
export function randomForest(options: Partial<Omit<RandomForest, 'kind'>> = {}): RandomForest {
  return {
    kind: 'randomForest',
    trees: 300,
    maxFeatures: 'sqrt',
    classWeight: 'none',
    minSamplesLeaf: 1,
    maxDepth: null,
    seed: 0,
    ...options,
  }
}
