import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { type Program, start, vigie } from '../program.ts'

/** A small simulated home, made by the start script, and `vigie serve` on it. Up before the tests of one file. */
export function served() {
  let root: string
  let home: string
  let server: Program
  let url: string

  beforeAll(async () => {
    root = mkdtempSync(path.join(os.tmpdir(), 'vigie-interop-'))
    home = path.join(root, 'home')
    const { status, stdout, stderr } = await start(['--users', '600', '--home', home, '--once', '--json']).ended
    expect(status, stderr).toBe(0)
    expect(JSON.parse(stdout).serving, stderr).not.toBeNull()
    // A card and a comparison are reports of their own, which the loop does not write.
    expect(await vigie(['card', '1', '--no-explain', '--home', home]).ended).toMatchObject({ status: 0 })
    expect((await vigie(['compare', '1', '2', '--home', home, '--json']).ended).status).not.toBe(1)
    server = vigie(['serve', '--home', home, '--port', '0', '--json'])
    url = (await server.wrote(/"url": "(.+)"/))[1]!
  })
  afterAll(async () => {
    await server?.kill('SIGTERM')
    await vigie(['down', '--home', home]).ended
    rmSync(root, { recursive: true, force: true })
  })

  return {
    /** A folder that is removed afterwards. */
    get folder() {
      return root
    },
    get url() {
      return url
    },
    /** Keys that the server knows. */
    keys: (): readonly string[] =>
      readFileSync(path.join(home, 'months/month_000/users.csv'), 'utf8')
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((row) => row.split(',', 1)[0]!),
  }
}
