import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { preparedHome } from './prepared-home.ts'

const prepared = preparedHome()
const { ask, say, months } = prepared
const someone = () => readFileSync(path.join(months, 'month_000/users.csv'), 'utf8').split('\n')[1]!.split(',')[0]!

it('explain ranks the features of a version and says on what, without a look at the holdout', async () => {
  const before = await prepared.state()
  const { status, json } = await ask('explain', 'v1', '--repetitions', '2')
  expect(status).toBe(0)
  expect(json).toMatchObject({ version: 1, rows: { asOf: '2024-01-31', trainedOn: true }, shuffled: { refits: 3 } })
  expect(json.features).toHaveLength(14)
  expect(await prepared.state()).toEqual(before)
  const { stdout } = await say('explain', '1', '--repetitions', '2', '--ascii')
  expect(stdout).toMatch(/^v1 {2}14 features, .* rows of 2024-01-31, none of them held out$/m)
  expect(stdout).toMatch(/^ {2}feature +auc lost \[95 %\] +gain +\|contr\.\|$/m)
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
})

it('explain writes a page, and overwrites nothing', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'vigie-test-explain-'))
  try {
    const page = path.join(folder, 'v1.html')
    expect((await say('explain', '1', '--repetitions', '2', '--html', page)).status).toBe(0)
    expect(readFileSync(page, 'utf8')).toContain('What the features do')
    expect(await ask('explain', '1', '--html', page)).toMatchObject({ json: { error: { code: 'file_exists' } } })
  } finally {
    rmSync(folder, { recursive: true })
    expect(existsSync(folder)).toBe(false)
  }
})

it('explain --key says what pushed one answer up and down, now or then', async () => {
  for (const then of [[], ['--as-of', '2024-01-31']]) {
    const { status, json } = await ask('explain', 'v1', '--key', someone(), ...then)
    expect(status).toBe(0)
    const { contributions, base, score } = json.explanation
    const total = contributions.reduce((sum: number, one: { contribution: number }) => sum + one.contribution, base)
    expect(total).toBeCloseTo(score, 9)
    expect(score).toBeCloseTo(json.prediction.probability, 9)
  }
  expect((await say('explain', '1', '--key', someone())).stdout).toMatch(/the mean over the training rows: class true/)
})

it('explain refuses what it cannot do', async () => {
  expect(await ask('explain', '9')).toMatchObject({ status: 3, json: { error: { code: 'version_unknown' } } })
  expect(await ask('explain', '1', '--key', 'nobody')).toMatchObject({
    status: 3,
    json: { error: { code: 'user_unknown' } },
  })
  expect(await ask('explain', '1', '--repetitions', '1')).toMatchObject({ status: 2 })
  expect(await ask('explain', '1', '--key', 'x', '--html', 'y')).toMatchObject({ status: 2 })
})
