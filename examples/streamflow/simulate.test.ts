import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { simulate, TIMELINE } from './simulate.ts'

const root = mkdtempSync(path.join(os.tmpdir(), 'vigie-simulate-'))
const dir = path.join(root, 'months')
const lines = (file: string) => readFileSync(path.join(dir, file), 'utf8').trimEnd().split('\n')

beforeAll(() => simulate({ dir, users: 400, seed: 7 }))
afterAll(() => rmSync(root, { recursive: true, force: true }))

function digest(folder: string): string {
  const hash = createHash('sha256')
  for (const file of readdirSync(folder, { recursive: true }).map(String).sort()) {
    const at = path.join(folder, file)
    if (statSync(at).isFile()) hash.update(file).update(readFileSync(at))
  }
  return hash.digest('hex')
}

test('the same seed writes the same bytes, another seed other ones', async () => {
  await simulate({ dir: path.join(root, 'again'), users: 400, seed: 7 })
  await simulate({ dir: path.join(root, 'other'), users: 400, seed: 8 })
  expect(digest(path.join(root, 'again'))).toBe(digest(dir))
  expect(digest(path.join(root, 'other'))).not.toBe(digest(dir))
})

test('a finished folder is left as it is', async () => {
  const before = statSync(path.join(dir, 'month_000', 'users.csv')).mtimeMs
  await simulate({ dir, users: 400, seed: 7 })
  expect(statSync(path.join(dir, 'month_000', 'users.csv')).mtimeMs).toBe(before)
})

test('every month has one row a subscriber in each of the six files, but for the broken one', () => {
  for (const { folder, kind } of TIMELINE) {
    const rows = readdirSync(path.join(dir, folder)).map((file) => lines(`${folder}/${file}`).length)
    if (kind === 'broken') expect(Math.min(...rows)).toBeLessThan(400)
    else expect(rows).toEqual([401, 401, 401, 401, 401, 401])
  }
})

test('the broken month is cut inside a row and re-sent with the rest unchanged', () => {
  const cut = lines('month_003/usage_agg_30d.csv')
  const whole = lines('month_003_resent/usage_agg_30d.csv')
  expect(cut.at(-1)!.split(',').length).toBeLessThan(6)
  expect(whole.slice(0, cut.length - 1)).toEqual(cut.slice(0, -1))
  expect(lines('month_003/labels.csv')).toEqual(lines('month_003_resent/labels.csv'))
})

test('plan columns are empty exactly for subscribers without internet', () => {
  for (const row of lines('month_000/subscriptions.csv').slice(1)) {
    const [, , tv, movies, , , , , net] = row.split(',')
    expect([tv === '', movies === '']).toEqual([net === 'No', net === 'No'])
  }
})
