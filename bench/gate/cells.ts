import type { PlantedCell } from './planted.ts'
import type { SliceCell } from './slices.ts'
import { betaProbabilities, binormal, clusteredEntities, type Rows, trainedModels, type World } from './worlds.ts'

/** The worlds in which no challenger is better. The first four are those of the design. */
export const WORLDS = [
  binormal({ n: 1782, auc: 0.65, rho: 0.9 }),
  binormal({ n: 500, auc: 0.75, rho: 0.9 }),
  binormal({ n: 200, auc: 0.75, rho: 0.8 }),
  binormal({ n: 500, auc: 0.75, rho: 0.9, fresh: true }),
  binormal({ n: 1000, auc: 0.75, rho: 0.9, levels: 10 }),
  binormal({ n: 800, auc: 0.75, rho: 0.8, base: 0.1, heavy: 1.5 }),
  betaProbabilities(1000),
  clusteredEntities(300, 4),
  trainedModels(600, 400),
] as unknown as readonly World<Rows, unknown>[]

export const PLANTED: readonly PlantedCell[] = [
  { n: 1782, auc: 0.65, rho: 0.9, look: 1 },
  { n: 1782, auc: 0.65, rho: 0.9, look: 2 },
  { n: 1782, auc: 0.85, rho: 0.5, look: 1 },
  { n: 1782, auc: 0.85, rho: 0.5, look: 2 },
  { n: 500, auc: 0.75, rho: 0.9, look: 1 },
  { n: 500, auc: 0.75, rho: 0.9, look: 2 },
]

/** Equal models, and models with a reversed score in a part of the rows that no declared slice names. */
export const SLICES: readonly (SliceCell & { readonly runsAYear: number })[] = [
  { n: 1782, damaged: 0, runsAYear: 0.2 },
  { n: 10_000, damaged: 0, runsAYear: 0.05 },
  { n: 1782, damaged: 0.05, runsAYear: 0.02 },
  { n: 1782, damaged: 0.1, runsAYear: 0.02 },
  { n: 10_000, damaged: 0.02, runsAYear: 0.01 },
  { n: 10_000, damaged: 0.05, runsAYear: 0.01 },
]
