import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { preparedHome } from './prepared-home.ts'

const prepared = preparedHome()
const { ask, say } = prepared

/** February again, with one user less in the file that lists all: every other file names one that is not listed. */
function withoutOneUser(): string {
  const dir = path.join(prepared.folder, 'one user less')
  cpSync(path.join(prepared.months, 'month_001'), dir, { recursive: true })
  const users = path.join(dir, 'users.csv')
  const [header, _first, ...others] = readFileSync(users, 'utf8').split('\n')
  writeFileSync(users, [header, ...others].join('\n'))
  return dir
}

it('refused files are listed and shown, and one is taken back by its hash', async () => {
  const before = (await ask('quarantine', 'list')).json as readonly { sha256: string }[]
  const known = new Set(before.map(({ sha256 }) => sha256))
  expect(await ask('ingest', withoutOneUser(), '--as-of', '2024-04-30')).toMatchObject({ status: 3 })
  const { status, json } = await ask('quarantine', 'list')
  const added = (json as readonly { sha256: string; source: string; code: string }[]).filter(
    ({ sha256 }) => !known.has(sha256),
  )
  expect({ status, codes: new Set(added.map(({ code }) => code)) }).toEqual({
    status: 0,
    codes: new Set(['entity_unknown']),
  })
  const payments = added.find(({ source }) => source === 'payments_agg_90d')!
  const shown = await say('quarantine', 'show', payments.sha256.slice(0, 10))
  expect(shown).toMatchObject({ status: 0, stderr: '' })
  expect(shown.stdout).toMatch(/payments_agg_90d\.csv +entity_unknown[\s\S]*bytes .*\.csv[\s\S]*Next: /)

  const state = await prepared.state()
  const taken = await ask('quarantine', 'replay', payments.sha256, '--as-of', '2024-02-29')
  expect(taken).toMatchObject({ status: 0, json: { asOf: '2024-02-29', already: true, files: [{ quarantined: 0 }] } })
  const missing = await ask('quarantine', 'replay', payments.sha256, '--as-of', '2024-04-30')
  expect(missing).toMatchObject({ status: 3, json: { error: { code: 'snapshot_missing' } } })
  const unknown = await ask('quarantine', 'show', 'ffff')
  expect(unknown).toMatchObject({ status: 3, json: { error: { code: 'quarantine_unknown' } } })
  expect(await prepared.state()).toEqual(state)
})
