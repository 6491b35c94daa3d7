import { expect, test } from 'vitest'
import { WORLDS } from '../../../../bench/gate/cells.ts'
import { yearsOfLooks } from '../../../../bench/gate/years.ts'

const YEARS = 10_000

test.each(WORLDS.map((world) => [world.name, world] as const))(
  '10,000 years in which no challenger is better: %s',
  (_name, world) => {
    const { gateWrong } = yearsOfLooks(world, 1, 0, YEARS)
    // 5 % and three standard errors of the count.
    expect(gateWrong / YEARS).toBeLessThan(0.0565)
  },
)
