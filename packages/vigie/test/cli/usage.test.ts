import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ended, start, vigie } from '../program.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'vigie-test-usage-'))
afterAll(() => rmSync(folder, { recursive: true }))

const VERBS = [
  'check contract doctor ingest features monitor train compare drift card predict promote rollback',
  'champion versions run runs cancel replay serve down',
].flatMap((verbs) => verbs.split(' '))

/** At most a few programs at once. */
async function inTurn<T>(items: readonly string[], body: (item: string) => Promise<T>): Promise<Map<string, T>> {
  const ended = new Map<string, T>()
  for (let i = 0; i < items.length; i += 3) {
    const some = items.slice(i, i + 3)
    for (const [j, result] of (await Promise.all(some.map(body))).entries()) ended.set(some[j]!, result)
  }
  return ended
}

describe('--help', () => {
  let helps: Map<string, Ended>
  beforeAll(async () => {
    helps = await inTurn(['', ...VERBS], (verb) => vigie([...verb.split(' ').filter(Boolean), '--help']).ended)
  })

  it('teaches each verb, and ends with 0', () => {
    for (const [verb, { status, stdout, stderr }] of helps) {
      expect({ verb, status, stderr }).toEqual({ verb, status: 0, stderr: '' })
      expect(stdout).toContain(`Usage: vigie ${verb}`.trimEnd())
    }
  })

  it('of the program lists every verb', () => {
    const listed = [
      ...helps.get('')!.stdout.matchAll(/^ {2}([a-z]+)( \[options\])?( <[a-z]+>)*( \[[a-z]+\])? {2,}\S/gm),
    ].map((m) => m[1])
    expect(listed).toEqual(expect.arrayContaining(VERBS))
  })

  it('fits into 80 columns', () => {
    const wide = [...helps.values()].flatMap(({ stdout }) => stdout.split('\n')).filter((line) => line.length > 80)
    expect(wide).toEqual([])
  })
})

describe('wrong use', () => {
  it.each([
    ['an unknown verb', ['chek'], "unknown command 'chek'", 'Did you mean check?'],
    ['an unknown option', ['train', '--as-off', '2024-01-31'], "unknown option '--as-off'", 'Did you mean --as-of?'],
    ['a missing argument', ['promote'], "missing required argument 'decision'", ''],
    ['a missing option', ['rollback'], "required option '--reason <text>' not specified", ''],
  ])('%s ends with 2 and says what was meant', async (_what, args, message, suggestion) => {
    const { status, stdout, stderr } = await vigie([...args, '--json']).ended
    expect(status).toBe(2)
    expect(JSON.parse(stdout)).toEqual({ error: expect.objectContaining({ code: 'wrong_use' }) })
    expect(JSON.parse(stdout).error.message).toContain(message)
    expect(stderr).toContain(suggestion)
  })

  it.each([
    ['a date that does not exist', ['train', '--as-of', '2024-02-30'], 'as_of_invalid'],
    ['a time for a date', ['monitor', '--as-of', '2024-02-29T00:00:00Z'], 'as_of_invalid'],
    ['a port that is none', ['serve', '--port', '80x'], 'wrong_use'],
    ['a rollback without a reason', ['rollback', '--reason', ' '], 'wrong_use'],
    ['a version that is none', ['compare', '1.5'], 'wrong_use'],
    ['a version beside itself', ['compare', '2', 'v2'], 'wrong_use'],
  ])('%s', async (_what, args, code) => {
    const { status, stdout } = await vigie([...args, '--json', '--home', path.join(folder, 'home')]).ended
    expect({ status, error: JSON.parse(stdout).error.code }).toEqual({ status: 2, error: code })
  })

  it('of npm start has the same statuses', async () => {
    expect(await start(['--help']).ended).toMatchObject({ status: 0, stderr: '' })
    const unknown = await start(['--onse', '--json']).ended
    expect(unknown).toMatchObject({ status: 2, stderr: expect.stringContaining('Did you mean --once?') })
    expect(JSON.parse(unknown.stdout).error.code).toBe('wrong_use')
    const users = await start(['--users', 'many', '--json']).ended
    expect({ status: users.status, ...JSON.parse(users.stdout).error }).toMatchObject({ status: 2, value: 'many' })
  })
})

describe('a definition', () => {
  it('that is not there is asked for', async () => {
    const { status, stdout } = await vigie(['check', '--json'], { cwd: folder, env: { VIGIE_CONFIG: '' } }).ended
    expect(status).toBe(2)
    expect(JSON.parse(stdout).error).toMatchObject({ code: 'wrong_use', hint: expect.stringContaining('--config') })
  })

  it.each([
    ['does not parse', 'export default defineProject({'],
    ['imports what is not there', "import 'nothing-of-this-name'\nexport default {}"],
    ['exports something else', 'export default 42'],
    ['throws', "throw new Error('my mistake')"],
  ])('that %s is named, and not called a fault of the program', async (what, text) => {
    const file = path.join(folder, `${what}.config.ts`)
    writeFileSync(file, text)
    const { status, stdout } = await vigie(['check', '--json', '--config', file]).ended
    expect({ status, error: JSON.parse(stdout).error }).toMatchObject({
      status: 2,
      error: { code: 'definition_invalid', file },
    })
  })
})

describe('a state folder', () => {
  it('of a newer version is refused with the version that is needed, and stays as it is', async () => {
    const home = path.join(folder, 'newer')
    mkdirSync(home)
    writeFileSync(path.join(home, 'state.json'), '{"format":99,"vigie":"7.8.9"}')
    const { status, stdout } = await vigie(['versions', '--json', '--home', home]).ended
    expect({ status, error: JSON.parse(stdout).error }).toMatchObject({
      status: 2,
      error: { code: 'state_newer', hint: expect.stringContaining('7.8.9') },
    })
  })

  it('that is a file is refused', async () => {
    const home = path.join(folder, 'file')
    writeFileSync(home, '')
    const { status, stdout } = await vigie(['versions', '--json', '--home', home]).ended
    expect({ status, error: JSON.parse(stdout).error }).toMatchObject({
      status: 2,
      error: { code: 'state_not_writable' },
    })
  })
})

it.each([
  ['a folder without months', folder],
  ['a file', import.meta.filename],
  ['nothing', path.join(folder, 'nothing')],
])('npm start with --data that is %s says where it looked, and makes nothing', async (_what, data) => {
  const home = path.join(folder, 'none')
  const { status, stdout } = await start(['--once', '--json', '--home', home, '--data', data]).ended
  const { error } = JSON.parse(stdout)
  expect({ status, error }).toMatchObject({ status: 2, error: { code: 'wrong_use', value: data } })
  expect(existsSync(home)).toBe(false)
})
