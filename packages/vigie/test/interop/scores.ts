import type { Frame } from '../../src/domain/frame.ts'
import { seededRandom } from '../../src/domain/random.ts'

/** Probabilities, strictly between 0 and 1, that rank the simulated subscribers about as a model does; `seed` adds its own noise. */
export function scoresOf(
  { spec, columns, keys }: Pick<Frame, 'spec' | 'columns' | 'keys'>,
  seed: number,
): Float64Array {
  const random = seededRandom(seed)
  const column = (name: string) => columns[spec.findIndex(({ feature }) => feature === name)]!
  const months = column('months_active')
  const fee = column('monthly_fee')
  return Float64Array.from(keys, (_, i) => {
    const logit = -1 - (months[i]! - 32) / 25 + (fee[i]! - 65) / 60 + 2 * (random.unit() - 0.5)
    return 1 / (1 + Math.exp(-logit))
  })
}
