import { describe, expect, it } from 'vitest'
import { VigieError } from '../errors.ts'
import { flow } from './flow.ts'
import { runDirect } from './run-direct.ts'

const sum = flow('sum', async (step, input: { readonly numbers: readonly number[] }) => {
  let total = 0
  for (const [i, n] of input.numbers.entries()) total += await step(`add_${i}`, async () => n)
  return { total }
})

describe('a flow run directly', () => {
  it('returns what its function returns', async () => {
    expect(await runDirect(sum, { numbers: [1, 2, 3] })).toEqual({ total: 6 })
  })

  it('goes on after the last recorded step', async () => {
    const ran: string[] = []
    let broken = true
    const copy = flow('copy', async (step) => {
      const a = await step('a', async () => ran.push('a'))
      if (broken) throw new Error('the process ends here')
      const b = await step('b', async () => ran.push('b'))
      return [a, b]
    })
    const recorded = new Map<string, unknown>()
    await expect(runDirect(copy, null, { recorded })).rejects.toThrow('ends here')
    broken = false
    expect(await runDirect(copy, null, { recorded })).toEqual([1, 2])
    expect(ran).toEqual(['a', 'b'])
  })

  it('gives each step a key of its own, made of run and step', async () => {
    const keys = flow('keys', async (step) => [
      await step('a', async ({ key }) => key),
      await step('b', async ({ key }) => key),
    ])
    expect(await runDirect(keys, null, { id: 'month 1' })).toEqual(['month 1:a', 'month 1:b'])
  })

  it('refuses a step name that was used before', async () => {
    const twice = flow('twice', async (step) => {
      await step('a', async () => 1)
      await step('a', async () => 2)
    })
    await expect(runDirect(twice, null)).rejects.toThrow('step "a" is used twice in flow "twice"')
  })

  it('tries again what fails for a while, and not what was refused', async () => {
    const attempts: number[] = []
    const failing = (code: 'database_busy' | 'ragged_row') =>
      flow('failing', (step) =>
        step(
          'a',
          async ({ attempt }) => {
            attempts.push(attempt)
            if (attempt < 3) throw new VigieError(code, 'no')
            return attempt
          },
          { retries: 2 },
        ),
      )
    expect(await runDirect(failing('database_busy'), null)).toBe(3)
    await expect(runDirect(failing('ragged_row'), null)).rejects.toMatchObject({ code: 'ragged_row' })
    expect(attempts).toEqual([1, 2, 3, 1])
  })

  it.each([
    ['NaN', Number.NaN],
    ['a bigint', 1n],
    ['a Map', new Map()],
    ['a Date', new Date(0)],
    ['a Float64Array', new Float64Array(1)],
  ])('refuses a result that JSON would change: %s', async (what, value) => {
    const bad = flow('bad', (step) => step('a', async () => ({ list: [value] })))
    await expect(runDirect(bad, null)).rejects.toThrow(`bad.a.list[0] is ${what}, which has no JSON form`)
  })

  it('refuses a name that cannot be stored', () => {
    expect(() => flow('Ingest month', async () => null)).toThrow('no name for a flow')
  })
})
