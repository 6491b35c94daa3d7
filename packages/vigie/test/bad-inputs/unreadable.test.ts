import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'

const folder = mkdtempSync(path.join(os.tmpdir(), 'vigie-test-unreadable-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Nobody in particular: root may read everything. */
const NOBODY = 65_534
const opener = new URL('../../src/adapters/local/delivered-file.ts', import.meta.url).href

test('C84 a file that this user may not read is tried again, not refused', () => {
  chmodSync(folder, 0o755)
  const file = path.join(folder, 'users.csv')
  writeFileSync(file, 'user_id\nu1\n', { mode: 0o000 })
  const isRoot = process.getuid?.() === 0
  const script = `
    const { openDelivered } = await import(${JSON.stringify(opener)})
    await openDelivered(${JSON.stringify(file)}).catch(({ code, kind }) => console.log(JSON.stringify({ code, kind })))`
  const { stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', script], {
    encoding: 'utf8',
    cwd: '/',
    ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
  })
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toEqual({ code: 'unreadable_file', kind: 'temporary' })
})
