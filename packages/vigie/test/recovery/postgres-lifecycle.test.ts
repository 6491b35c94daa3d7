import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { isAlive } from '../../src/adapters/local/processes.ts'
import { startPostgres, stopIfUnused, stopPostgres } from '../../src/adapters/postgres/embedded/index.ts'
import { startInChild } from './postgres-in-child.ts'
import { stateFolders } from './state-folders.ts'

const folder = stateFolders()

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  // A client without a listener ends the process when its server dies; the query tells it too.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat()
  } finally {
    await client.end()
  }
}

const gone = async (pid: number) => {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 5))
}

const root = folder('lifecycle')

describe('the server of a state folder', () => {
  it('survives the process that started it, and the next process adopts it', async () => {
    const starter = startInChild({ root })
    const first = await starter.got
    await starter.kill()
    const second = await startPostgres({ root })
    second.release()
    expect(first.adopted).toBe(false)
    expect(second).toMatchObject({ adopted: true, pid: first.pid })
  })

  it('comes back with every acknowledged row after kill -9', async () => {
    const before = await startPostgres({ root })
    await ask(before.url(), 'create table kept (n int)')
    await ask(before.url(), 'insert into kept select generate_series(1, 1000)')
    process.kill(before.pid, 'SIGKILL')
    const after = await startPostgres({ root })
    expect(after.adopted).toBe(false)
    expect(await ask(after.url(), 'select count(*)::int from kept')).toEqual([1000])
    before.release()
    after.release()
  })

  it('comes back after kill -9 while a session computes', async () => {
    const before = await startPostgres({ root })
    const busy = ask(before.url(), 'select count(*) from generate_series(1, 2000000000)').catch(() => 'cut off')
    await new Promise((resolve) => setTimeout(resolve, 100))
    process.kill(before.pid, 'SIGKILL')
    const after = await startPostgres({ root })
    expect(await busy).toBe('cut off')
    expect(await ask(after.url(), 'select count(*)::int from kept')).toEqual([1000])
    before.release()
    after.release()
  })

  it('is not misled by a pid file whose pid belongs to another process now', async () => {
    const before = await startPostgres({ root })
    const pidFile = path.join(before.dataDir, 'postmaster.pid')
    const text = readFileSync(pidFile, 'utf8')
    process.kill(before.pid, 'SIGKILL')
    await gone(before.pid)
    writeFileSync(pidFile, text.replace(/^\d+/, String(process.pid)))
    const after = await startPostgres({ root })
    expect(await ask(after.url(), 'select count(*)::int from kept')).toEqual([1000])
    expect(isAlive(process.pid)).toBe(true)
    before.release()
    after.release()
  })

  it('has its data after the state folder was moved, also to a path longer than a socket allows', async () => {
    const here = folder('before the move')
    const there = folder('after the move'.padEnd(200, '.'))
    const before = await startPostgres({ root: here })
    await ask(before.url(), 'create table moved (n int)')
    await stopIfUnused(before)
    renameSync(here, there)
    const after = await startPostgres({ root: there })
    expect(await ask(after.url(), 'select count(*)::int from moved')).toEqual([0])
    expect(await stopIfUnused(after)).toBe(true)
  })

  it('begins anew at once when its folder was deleted under a running server', async () => {
    const deleted = folder('deleted')
    const before = await startPostgres({ root: deleted })
    await ask(before.url(), 'create table lost (n int)')
    rmSync(deleted, { recursive: true })
    const after = await startPostgres({ root: deleted })
    expect(isAlive(before.pid)).toBe(false)
    expect(await ask(after.url(), `select to_regclass('lost')`)).toEqual([null])
    expect(await stopIfUnused(after)).toBe(true)
  })

  it('keeps its password to its owner and refuses a wrong one', async () => {
    const server = await startPostgres({ root })
    const wrong = server.url().replace(/:[^:@]+@/, ':wrong@')
    await expect(ask(wrong, 'select 1')).rejects.toMatchObject({ code: '28P01' })
    server.release()
  })

  it('says so when the password is gone', async () => {
    const password = path.join(root, 'password')
    const kept = readFileSync(password)
    rmSync(password)
    await expect(startPostgres({ root })).rejects.toMatchObject({ details: { reason: 'password_missing' } })
    writeFileSync(password, kept, { mode: 0o600 })
  })
})

describe('the last user', () => {
  it('stops the server that it started', async () => {
    await stopPostgres({ root })
    const server = await startPostgres({ root })
    expect(await stopIfUnused(server)).toBe(true)
    expect(isAlive(server.pid)).toBe(false)
  })

  it('leaves a server that it adopted, unless it was told to stop that too', async () => {
    const starter = startInChild({ root })
    await starter.got
    await starter.kill()
    const short = await startPostgres({ root })
    expect(await stopIfUnused(short)).toBe(false)
    const long = await startPostgres({ root })
    expect(await stopIfUnused(long, { adopted: 'stop' })).toBe(true)
  })

  it('does not stop a server that another process has the address of', async () => {
    const server = await startPostgres({ root })
    const other = startInChild({ root })
    expect(await other.got).toMatchObject({ adopted: true, pid: server.pid })
    expect(await stopIfUnused(server)).toBe(false)
    await other.kill()
    const again = await startPostgres({ root })
    expect(await stopIfUnused(again, { adopted: 'stop' })).toBe(true)
  })

  it('does not stop a server that a foreign client is connected to', async () => {
    const server = await startPostgres({ root })
    const client = new pg.Client({ connectionString: server.url() })
    await client.connect()
    expect(await stopIfUnused(server)).toBe(false)
    await client.end()
    expect(await stopPostgres({ root })).toBe(true)
    expect(await stopPostgres({ root })).toBe(false)
  })
})
