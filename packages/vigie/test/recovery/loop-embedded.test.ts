import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stopPostgres } from '../../src/adapters/postgres/embedded/index.ts'
import { type Ended, start, vigie } from '../program.ts'
import { smallMonths } from '../small-months.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'vigie-test-embedded-'))
const home = path.join(folder, 'home')
const postmasterFile = path.join(home, 'postgres/data/postmaster.pid')
let months: string

beforeAll(async () => {
  months = await smallMonths(path.join(folder, 'deliveries'))
})
afterAll(async () => {
  await stopPostgres({ root: path.join(home, 'postgres') })
  rmSync(folder, { recursive: true })
})

const begin = (...more: string[]) => start(['--home', home, '--data', months, '--json', ...more])
const postmaster = () => Number(readFileSync(postmasterFile, 'utf8').split('\n')[0])

/** Programs that work in the state folder or were told of it. */
function left(): string[] {
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid && concerns(pid))
}

function concerns(pid: string): boolean {
  try {
    const said = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    return said.includes(home) || readlinkSync(`/proc/${pid}/cwd`).startsWith(home)
  } catch {
    return false // it ended just now, or belongs to somebody else
  }
}

function outcomeOf({ status, stdout, stderr }: Ended) {
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' })
  return JSON.parse(stdout)
}

// One state folder through all of it, each test with what the one before left.
describe('the program with the Postgres in its state folder', () => {
  it.each([
    ['SIGINT', 130, /ingest +600 users/],
    ['SIGTERM', 143, /materialize/],
  ] as const)('ends at %s with status %d, and leaves nothing running', async (signal, status, moment) => {
    const program = begin('--once')
    await program.wrote(moment)
    const ended = await program.kill(signal)
    expect(ended).toMatchObject({ status, signal: null, stdout: '' })
    expect(existsSync(postmasterFile)).toBe(false)
    expect(left()).toEqual([])
  })

  it('survives its own kill -9: the server is adopted by the next, which ends it', async () => {
    const program = begin('--once')
    await program.wrote(/monitor/)
    const server = postmaster()
    await program.kill('SIGKILL')
    expect(postmaster()).toBe(server)
    const next = begin('--once')
    await next.wrote(/train/)
    expect(postmaster()).toBe(server)
    await next.kill('SIGTERM')
    expect(left()).toEqual([])
  })

  it('starts its Postgres again when that is killed, and goes on', async () => {
    const program = begin('--once')
    await program.wrote(/train/)
    const killed = postmaster()
    process.kill(killed, 'SIGKILL')
    await program.wrote(/month_001/)
    expect(postmaster()).not.toBe(killed)
    await program.kill('SIGTERM')
    expect(left()).toEqual([])
  })

  it('ends when its Postgres is stopped in order, and says what to do', async () => {
    const program = begin('--once')
    await program.wrote(/month_00/)
    expect(await vigie(['down', '--home', home]).ended).toMatchObject({ status: 0 })
    const { status, stdout, stderr } = await program.ended
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.not.stringMatching(/^ {4}at /m) })
    expect(JSON.parse(stdout)).toEqual({ error: expect.objectContaining({ code: 'database_unreachable' }) })
    expect(left()).toEqual([])
  })

  it('is started twice at once: both give the same outcome, and the last one ends the server', async () => {
    const ended = await Promise.all([begin('--once').ended, begin('--once').ended])
    const [one, two] = ended.map(outcomeOf)
    expect(one).toMatchObject({ champion: { version: 2 }, serving: { version: 2 } })
    expect({ ...one, timings: null }).toEqual({ ...two, timings: null })
    expect(left()).toEqual([])
  })

  it('goes on serving without --once, until SIGTERM', async () => {
    const program = begin('--port', '0')
    const [, url] = await program.wrote(/API +(\S+)[\s\S]*Stop with Ctrl-C/)
    expect(await (await fetch(`${url}/model`)).json()).toMatchObject({ version: 2 })
    expect(await program.kill('SIGTERM')).toMatchObject({ status: 0 })
    expect(left()).toEqual([])
  })
})
