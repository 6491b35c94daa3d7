import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { postgresForTests } from '../postgres.ts'
import { delivery, emptyPlace, ingestWhole, isCommitted, killAt, leftBy, places } from './killed-ingest.ts'

const postgres = postgresForTests()
const folder = mkdtempSync(path.join(os.tmpdir(), 'vigie-test-killed-'))
afterAll(() => rmSync(folder, { recursive: true }))

// The progress of a process is read from /proc.
const onLinux = test.runIf(process.platform === 'linux')

onLinux(
  'an ingest that is killed twenty times, at any byte, ends as one that never was',
  { timeout: 300_000 },
  async () => {
    const dir = await delivery(folder, { users: 10_000, packed: false })
    const place = { home: path.join(folder, 'home'), url: postgres.otherUrl(), dir }
    const bytes = await ingestWhole(await emptyPlace(place))
    const wanted = await leftBy(place)
    await emptyPlace(place)
    for (const at of places(bytes, 20, 1)) {
      await killAt(place, at)
      if (!(await isCommitted(place))) continue
      // What is committed is whole, and the next one begins anew.
      await ingestWhole(place)
      expect(await leftBy(place), `killed at byte ${at}`).toEqual(wanted)
      await emptyPlace(place)
    }
    await ingestWhole(place)
    expect(await leftBy(place)).toEqual(wanted)
  },
)
