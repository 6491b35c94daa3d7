import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fingerprintKey } from '../../src/adapters/local/fingerprint-key.ts'
import { openStateFolder, stateFolder } from '../../src/adapters/local/state-folder.ts'

let parent: string
let root: string
beforeEach(() => {
  parent = mkdtempSync(path.join(os.tmpdir(), 'vigie-state-'))
  root = path.join(parent, '.vigie/simulated')
})
afterEach(() => rmSync(parent, { recursive: true }))

const mode = (file: string) => statSync(file).mode & 0o777

describe('the state folder', () => {
  test('is made for this user only, with its stamp', async () => {
    const folder = await openStateFolder(root)
    expect(folder).toEqual(stateFolder(root))
    const { root: itself, fingerprintKey: _file, ...folders } = folder
    for (const each of [itself, ...Object.values(folders)]) expect(mode(each)).toBe(0o700)
    expect(JSON.parse(readFileSync(path.join(root, 'state.json'), 'utf8'))).toMatchObject({ format: 1 })
  })

  test('is opened again, also by many at once', async () => {
    await Promise.all(Array.from({ length: 8 }, () => openStateFolder(root)))
    const before = readFileSync(path.join(root, 'state.json'), 'utf8')
    await openStateFolder(root)
    expect(readFileSync(path.join(root, 'state.json'), 'utf8')).toBe(before)
    expect(readdirSync(root).filter((name) => name.startsWith('.'))).toEqual([])
  })

  test('that a newer version wrote is refused with the version that is needed', async () => {
    await openStateFolder(root)
    writeFileSync(path.join(root, 'state.json'), '{"format":2,"vigie":"3.1.0"}')
    await expect(openStateFolder(root)).rejects.toMatchObject({
      code: 'state_newer',
      hint: expect.stringContaining('3.1.0'),
    })
  })

  test('with a damaged stamp is refused', async () => {
    await openStateFolder(root)
    for (const text of ['', '{', 'null', '[]', '{"format":"1","vigie":"0.1.0"}', '{"format":1}']) {
      writeFileSync(path.join(root, 'state.json'), text)
      await expect(openStateFolder(root)).rejects.toMatchObject({ code: 'state_corrupt' })
    }
  })

  test('that cannot be made names the place', async () => {
    writeFileSync(path.join(parent, 'file'), '')
    const inside = path.join(parent, 'file/state')
    await expect(openStateFolder(inside)).rejects.toMatchObject({ code: 'state_not_writable' })
  })

  test('is named without being made', () => {
    expect(stateFolder(root).postgres).toBe(path.join(root, 'postgres'))
    expect(existsSync(root)).toBe(false)
  })
})

describe('the fingerprint key', () => {
  test('is made once, is kept secret, and is the same ever after', async () => {
    const file = path.join(parent, 'fingerprint.key')
    const key = await fingerprintKey(file)
    expect(key.secret.byteLength).toBe(32)
    expect(key.id).toMatch(/^[0-9a-f]{8}$/)
    expect(mode(file)).toBe(0o600)
    expect(await fingerprintKey(file)).toEqual(key)
    const other = await fingerprintKey(path.join(parent, 'other.key'))
    expect(other.id).not.toBe(key.id)
  })

  test('made by several processes at once is the same in all', async () => {
    const file = path.join(parent, 'fingerprint.key')
    const module = path.join(import.meta.dirname, '../../src/adapters/local/fingerprint-key.ts')
    const program = `
      const { fingerprintKey } = await import(${JSON.stringify(module)})
      process.send('ready')
      process.once('message', async () => {
        console.log((await fingerprintKey(${JSON.stringify(file)})).id)
        process.disconnect()
      })`
    const children = Array.from({ length: 3 }, () =>
      spawn(process.execPath, ['--conditions=vigie-source', '--input-type=module', '--eval', program], {
        stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      }),
    )
    await Promise.all(children.map((child) => once(child, 'message')))
    const ids = children.map(async (child) => (await child.stdout!.toArray()).join('').trim())
    for (const child of children) child.send('go')
    expect(new Set(await Promise.all(ids))).toEqual(new Set([(await fingerprintKey(file)).id]))
    expect(readdirSync(parent)).toEqual(['fingerprint.key'])
  })

  test('that is damaged is refused, never made anew', async () => {
    const file = path.join(parent, 'fingerprint.key')
    writeFileSync(file, 'short')
    await expect(fingerprintKey(file)).rejects.toMatchObject({ code: 'state_corrupt' })
    expect(readFileSync(file, 'utf8')).toBe('short')
  })
})
