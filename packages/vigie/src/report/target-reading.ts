import type { TargetDrift } from '../domain/drift/target-drift.ts'
import { fixed, percent, signed } from './numbers.ts'

/** The outcome then and now, in words. */
export interface TargetReading {
  readonly title: string
  /** Of what `was` and `now` are. */
  readonly name: string
  readonly was: string
  readonly now: string
  readonly difference: string
  readonly unit: string
  /** What the difference is. */
  readonly measure: string
}

export function targetReading(drift: TargetDrift): TargetReading {
  if ('referenceRate' in drift) {
    return {
      title: 'Rate of the outcome',
      name: 'Rate',
      was: percent(drift.referenceRate),
      now: percent(drift.currentRate),
      difference: signed((drift.currentRate - drift.referenceRate) * 100, 2),
      unit: 'points',
      measure: 'Absolute difference of the rates of the outcome',
    }
  }
  if ('referenceMean' in drift) {
    return {
      title: 'Mean of the outcome',
      name: 'Mean',
      was: fixed(drift.referenceMean),
      now: fixed(drift.currentMean),
      difference: signed(drift.currentMean - drift.referenceMean, 4),
      unit: '',
      measure: 'Absolute difference of the means of the outcome',
    }
  }
  const most = drift.currentShares.indexOf(Math.max(...drift.currentShares))
  return {
    title: `Share of ${drift.classes[most]}, the most frequent outcome`,
    name: `Share of ${drift.classes[most]}`,
    was: percent(drift.referenceShares[most]!),
    now: percent(drift.currentShares[most]!),
    difference: signed((drift.currentShares[most]! - drift.referenceShares[most]!) * 100, 2),
    unit: 'points',
    measure: 'Half the sum of the absolute differences of the shares of all outcomes',
  }
}
