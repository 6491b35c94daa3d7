import { mkdtempSync, renameSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import project from '../../../../examples/streamflow/vigie.config.ts'
import { openHouse } from '../../src/cli/house.ts'
import { settings } from '../../src/cli/settings.ts'
import { postgresForTests } from '../postgres.ts'

const postgres = postgresForTests()
const config = path.resolve(import.meta.dirname, '../../../../examples/streamflow/vigie.config.ts')
let folder: string

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'vigie-test-mismatch-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Opens the state folder `name` on one database, and closes it. */
async function open(name: string): Promise<void> {
  const env = { DATABASE_URL: postgres.server.url('vigie') }
  const house = await openHouse(settings({ config, home: path.join(folder, name) }, env, folder), project)
  await house.close()
}

it('a database serves the folder that it was begun with, also when it was moved, and no other', async () => {
  await postgres.emptied()
  await open('first')
  await open('first')
  renameSync(path.join(folder, 'first'), path.join(folder, 'moved'))
  await open('moved')
  await expect(open('second')).rejects.toMatchObject({ code: 'state_mismatch', kind: 'usage' })
  await open('moved')
})

it('of two folders that come at once one is served', async () => {
  await postgres.emptied()
  const opened = await Promise.allSettled([open('a'), open('b')])
  expect(opened.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})
