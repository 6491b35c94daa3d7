import type { Reason } from './decision.ts'
import type { Claimed, Evidence } from './evidence.ts'
import { percent } from './wording.ts'

const STANDARD_ERRORS = 3

/**
 * A warning when the share of class 1 among the evaluated rows is not that of the training rows, beyond chance: each
 * model keeps its own threshold, which was chosen for another share.
 */
export function baseRateRule({ baseRates, sample }: Claimed<Evidence>): readonly Reason[] {
  const evaluated = baseRates?.evaluated
  const trained = baseRates?.trained
  const rows = sample?.rows
  if (typeof evaluated !== 'number' || typeof trained !== 'number' || typeof rows !== 'number') return []
  const se = Math.sqrt((trained * (1 - trained)) / rows)
  if (!(Math.abs(evaluated - trained) > STANDARD_ERRORS * se)) return []
  return [
    {
      kind: 'warn',
      code: 'base_rate_moved',
      value: evaluated,
      bound: trained,
      text: `${percent(evaluated)} of the evaluated rows are of class 1, ${percent(trained)} of the training rows`,
      fix: 'Look at the thresholds: they were chosen for the share of the training rows',
    },
  ]
}
