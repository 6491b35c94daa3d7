import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { postgresForTests } from '../postgres.ts'
import { delivery, emptyPlace, ingestWhole, isCommitted, killAt, leftBy, places } from './killed-ingest.ts'

const postgres = postgresForTests()
const folder = mkdtempSync(path.join(os.tmpdir(), 'vigie-test-killed-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('killed at 200 bytes of an ingest of CSV, gzip and Parquet, the stores are those of one clean ingest', async () => {
  const dir = await delivery(folder, { users: 40_000, packed: true })
  const place = { home: path.join(folder, 'home'), url: postgres.otherUrl(), dir }
  const bytes = await ingestWhole(await emptyPlace(place))
  const wanted = await leftBy(place)
  await emptyPlace(place)
  let committed = 0
  for (const at of places(bytes, 200, 2)) {
    await killAt(place, at)
    if (!(await isCommitted(place))) continue
    committed++
    await ingestWhole(place)
    expect(await leftBy(place), `killed at byte ${at}`).toEqual(wanted)
    await emptyPlace(place)
  }
  await ingestWhole(place)
  expect(await leftBy(place)).toEqual(wanted)
  expect(committed).toBeLessThan(100)
})
