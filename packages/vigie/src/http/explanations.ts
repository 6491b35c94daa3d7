import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FeatureSpec } from '../domain/feature-spec.ts'
import type { Model } from '../domain/model/model.ts'
import { VigieError } from '../errors.ts'
import { explainRow } from '../loop/explain-row.ts'

/** Explanations that may wait for their turn: with the largest forests they are answered within seconds. */
const MOST_WAITING = 64

/**
 * Explains answers beside the requests that are answered. A large forest takes tens of milliseconds a row, so rows are
 * explained one after another, in short turns of which the event loop has one a round: ordinary predictions wait for one
 * of them at most. Throws `overloaded` when too many wait.
 */
export function explanations() {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  return async (
    model: Model,
    row: Float64Array,
    as: { readonly columns: FeatureSpec; readonly shown: Float64Array },
  ) => {
    if (waiting >= MOST_WAITING) throw new VigieError('overloaded', `${waiting} explanations wait already`)
    waiting++
    const explained = last.then(() => explainRow(model, row, as, nextTurn))
    last = explained.catch(() => undefined)
    try {
      const { beforeCalibration, ...explanation } = await explained
      return { ...explanation, before_calibration: beforeCalibration }
    } finally {
      waiting--
    }
  }
}
