import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { localArtefacts } from '../../src/adapters/local/artefacts.ts'
import type { ArtefactStore } from '../../src/ports/artefact-store.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** What every store of artefacts must do. `damage` flips one bit of what is stored under a name. */
function artefactStoreContract(get: () => ArtefactStore, damage: (sha256: string) => void): void {
  test('bytes are stored under their sha256 and read back the same', async () => {
    for (const size of [0, 1, 100_000, 5_000_000]) {
      const bytes = randomBytes(size)
      expect(await get().put(bytes)).toBe(sha256(bytes))
      expect(Buffer.compare(await get().get(sha256(bytes)), bytes)).toBe(0)
    }
  })

  test('the same bytes at once and again are one artefact', async () => {
    const bytes = randomBytes(200_000)
    const names = await Promise.all(Array.from({ length: 8 }, () => get().put(bytes)))
    expect(new Set(names)).toEqual(new Set([sha256(bytes)]))
    expect(await get().put(bytes)).toBe(sha256(bytes))
    expect(Buffer.compare(await get().get(sha256(bytes)), bytes)).toBe(0)
  })

  test('what is not there is missing', async () => {
    await expect(get().get('0'.repeat(64))).rejects.toMatchObject({ code: 'artefact_missing' })
  })

  test('what is no sha256 is missing, and never becomes a path', async () => {
    for (const name of [
      '',
      '../etc/passwd',
      'A'.repeat(64),
      `${'0'.repeat(63)}/`,
      `${'0'.repeat(64)}\n`,
      '0'.repeat(65),
    ]) {
      await expect(get().get(name)).rejects.toMatchObject({ code: 'artefact_missing' })
    }
  })

  test('one flipped bit is noticed, and putting the right bytes again mends it', async () => {
    const bytes = randomBytes(4096)
    const name = await get().put(bytes)
    damage(name)
    await expect(get().get(name)).rejects.toMatchObject({ code: 'artefact_corrupt' })
    await get().put(bytes)
    expect(Buffer.compare(await get().get(name), bytes)).toBe(0)
  })
}

describe('ArtefactStore in a folder', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'vigie-artefacts-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  artefactStoreContract(
    () => localArtefacts(folder),
    (name) => {
      const bytes = readFileSync(path.join(folder, name))
      bytes[1000]! ^= 1
      writeFileSync(path.join(folder, name), bytes)
    },
  )

  test('a file that was cut is noticed', async () => {
    const name = await localArtefacts(folder).put(randomBytes(4096))
    truncateSync(path.join(folder, name), 4095)
    await expect(localArtefacts(folder).get(name)).rejects.toMatchObject({ code: 'artefact_corrupt' })
  })

  test('files are for this user only, and none is left half-made', async () => {
    const name = await localArtefacts(folder).put(randomBytes(10))
    expect(statSync(path.join(folder, name)).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder).filter((file) => !/^[0-9a-f]{64}$/.test(file))).toEqual([])
  })
})
