import { seededRandom } from '../../packages/vigie/src/domain/random.ts'
import { pairedFromPlacements } from '../../packages/vigie/src/domain/significance/delong.ts'
import { placements } from '../../packages/vigie/src/domain/significance/placements.ts'
import { draws } from './draws.ts'
import { gate, type Rule, reference } from './verdict.ts'
import type { Rows, World } from './worlds.ts'

export interface YearCounts {
  readonly years: number
  /** Years in which a challenger that was not better became champion. */
  readonly gateWrong: number
  readonly referenceYears: number
  readonly referenceWrong: number
  /** Promotions of a challenger that was better, in all. */
  readonly gateRight: number
}

const LOOKS = 52
/** The reference's share is large: fewer years say it well enough. */
const REFERENCE_YEARS = 1000

/**
 * Years of weekly looks at challengers of which none is better, or only by luck of its training. Each year is a stream
 * of its own of the seed: the figures do not depend on threads or order.
 */
export function yearsOfLooks(world: World<Rows, unknown>, seed: number, from: number, to: number): YearCounts {
  let gateWrong = 0
  let referenceYears = 0
  let referenceWrong = 0
  let gateRight = 0
  for (let year = from; year < to; year++) {
    const byGate = oneYear(world, seed, year, gate)
    if (byGate.wrong) gateWrong++
    gateRight += byGate.right
    if (year >= REFERENCE_YEARS) continue
    referenceYears++
    if (oneYear(world, seed, year, reference).wrong) referenceWrong++
  }
  return { years: to - from, gateWrong, referenceYears, referenceWrong, gateRight }
}

/** Ends with the first wrong promotion. A right one begins a new reign: its looks are counted from 1. */
function oneYear(
  world: World<Rows, unknown>,
  seed: number,
  year: number,
  rule: Rule,
): { wrong: boolean; right: number } {
  const law = draws(seededRandom(seed, year))
  let rows = world.rows(law)
  let model = world.model(law)
  let champion = placements(rows.y, world.scores(model, rows, law))
  let right = 0
  let look = 0
  for (let week = 0; week < LOOKS; week++) {
    if (world.fresh && week > 0) {
      rows = world.rows(law)
      champion = placements(rows.y, world.scores(model, rows, law))
    }
    const rival = world.model(law)
    const challenger = placements(rows.y, world.scores(rival, rows, law))
    look++
    const inference = () => pairedFromPlacements(rows.y, champion, challenger, rows.entities)
    if (!rule(challenger.auc - champion.auc, inference, look)) continue
    if (!(world.quality(rival) > world.quality(model))) return { wrong: true, right }
    right++
    look = 0
    model = rival
    champion = challenger
  }
  return { wrong: false, right }
}
