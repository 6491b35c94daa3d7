import { power } from '../../packages/vigie/src/domain/promotion/power.ts'
import { seededRandom } from '../../packages/vigie/src/domain/random.ts'
import { alphaOfLook } from '../../packages/vigie/src/domain/significance/alpha-spending.ts'
import { pairedDeLong } from '../../packages/vigie/src/domain/significance/delong.ts'
import { draws } from './draws.ts'
import { gate, policy } from './verdict.ts'
import { binormal } from './worlds.ts'

export interface PlantedCell {
  readonly n: number
  readonly auc: number
  readonly rho: number
  readonly look: number
}

export interface PlantedCounts {
  readonly runs: number
  readonly promoted: number
}

/** The gain that the gate says it sees in 80 % of cases: from the mean standard error of 400 pairs with that gain. */
export function statedGain({ n, auc, rho, look }: PlantedCell, seed: number): number {
  const world = binormal({ n, auc, rho })
  const law = draws(seededRandom(seed, 0))
  let gain = policy.minGain
  for (let round = 0; round < 2; round++) {
    let se = 0
    let df = 0
    for (let i = 0; i < 200; i++) {
      const rows = world.rows(law)
      const pair = pairedDeLong(rows.y, world.scores({ gain: 0 }, rows, law), world.scores({ gain }, rows, law))
      se += pair.se / 200
      df += pair.df! / 200
    }
    gain = power(0, se, df, alphaOfLook(look, 1 - policy.confidence, policy.looks), policy.minGain).minDetectableGain80
  }
  return gain
}

/** How often a challenger that is better by `gain` is promoted at one look. */
export function planted(cell: PlantedCell, gain: number, seed: number, from: number, to: number): PlantedCounts {
  const world = binormal(cell)
  let promoted = 0
  for (let run = from; run < to; run++) {
    const law = draws(seededRandom(seed, run + 1))
    const rows = world.rows(law)
    const champion = world.scores({ gain: 0 }, rows, law)
    const challenger = world.scores({ gain }, rows, law)
    const pair = pairedDeLong(rows.y, champion, challenger)
    if (gate(pair.gain, () => pair, cell.look)) promoted++
  }
  return { runs: to - from, promoted }
}
