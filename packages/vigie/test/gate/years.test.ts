import { expect, test } from 'vitest'
import { binormal } from '../../../../bench/gate/worlds.ts'
import { yearsOfLooks } from '../../../../bench/gate/years.ts'

test('in years of weekly looks at equal models the gate is seldom wrong, and the rule it replaces nearly always', () => {
  const counts = yearsOfLooks(binormal({ n: 200, auc: 0.75, rho: 0.8 }) as never, 11, 0, 150)
  // 5 % of 150 years and four standard errors.
  expect(counts.gateWrong).toBeLessThanOrEqual(18)
  expect(counts.referenceWrong).toBeGreaterThan(120)
})
