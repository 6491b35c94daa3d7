import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { type RunningPostgres, startPostgres, stopPostgres } from '../../src/adapters/postgres/embedded/index.ts'
import { startInChild } from './postgres-in-child.ts'
import { stateFolders } from './state-folders.ts'

const folder = stateFolders()
const isRoot = process.geteuid?.() === 0
const works = (file: string, ...args: string[]) => spawnSync(file, args, { stdio: 'ignore' }).status === 0
const hasNamespaces = works('unshare', '--user', '--map-user=65534', '--map-group=65534', '--', 'true')
const hasSetpriv = works('setpriv', '--version')

/** What a container has by default. */
const CONTAINER = [
  'chown,dac_override,fowner,fsetid,kill,setgid,setuid,setpcap,net_bind_service',
  'net_raw,sys_chroot,mknod,audit_write,setfcap',
].join(',')

async function answer({ url }: RunningPostgres): Promise<unknown> {
  const client = new pg.Client({ connectionString: url() })
  await client.connect()
  try {
    return (await client.query('select 1 as one')).rows[0]
  } finally {
    await client.end()
  }
}

/** A home that only its owner can enter, as root's is. */
function privateHome(name: string): string {
  const home = folder(name)
  mkdirSync(home, { mode: 0o700 })
  return home
}

it.skipIf(isRoot)('works below a home of mode 700', async () => {
  const root = path.join(privateHome('home'), 'state')
  const server = await startPostgres({ root, runtime: folder('runtime') })
  expect(await answer(server)).toEqual({ one: 1 })
  server.release()
  await stopPostgres({ root })
})

describe.runIf(isRoot)('run by root', () => {
  it.runIf(hasNamespaces)('works in a user namespace, with files of root in the state folder', async () => {
    const root = path.join(privateHome('namespace'), 'state')
    const server = await startPostgres({ root, rootRunsAs: 'namespace' })
    expect(await answer(server)).toEqual({ one: 1 })
    expect(server.dataDir).toBe(path.join(root, 'data'))
    expect(statSync(server.dataDir).uid).toBe(0)
    server.release()
    await stopPostgres({ root })
  })

  it('works as another user, who keeps the data where it can reach them', async () => {
    const root = path.join(privateHome('other user'), 'state')
    const runtime = folder('runtime')
    const server = await startPostgres({ root, runtime, rootRunsAs: 'user' })
    expect(await answer(server)).toEqual({ one: 1 })
    expect(server.dataDir.startsWith(`${runtime}/`)).toBe(true)
    expect(statSync(server.dataDir).uid).not.toBe(0)
    process.kill(server.pid, 'SIGKILL')
    // The owner of the data decides, whatever is asked for later.
    const again = await startPostgres({ root, runtime, rootRunsAs: 'namespace' })
    expect(await answer(again)).toEqual({ one: 1 })
    expect(again.dataDir).toBe(server.dataDir)
    server.release()
    again.release()
    await stopPostgres({ root })
  })

  it.runIf(hasSetpriv)('works with the capabilities of a container, without namespaces', async () => {
    const root = path.join(privateHome('container'), 'state')
    const runtime = folder('runtime')
    // An unshare that always fails, as it does where the kernel refuses namespaces.
    const programs = folder('programs')
    mkdirSync(programs)
    writeFileSync(path.join(programs, 'unshare'), '#!/bin/sh\nexit 1\n')
    chmodSync(path.join(programs, 'unshare'), 0o755)
    const kept = CONTAINER.split(',').map((name) => `+${name}`)
    const inContainer = {
      prefix: ['setpriv', `--bounding-set=-all,${kept.join(',')}`, '--inh-caps=-all', '--'],
      env: { PATH: `${programs}:${process.env.PATH}` },
    }
    const first = startInChild({ root, runtime }, inContainer)
    const { pid } = await first.got
    const second = startInChild({ root, runtime }, inContainer)
    expect(await second.got).toEqual({ pid, adopted: true })
    process.kill(pid, 'SIGKILL')
    const third = startInChild({ root, runtime }, inContainer)
    expect(await third.got).toMatchObject({ adopted: false })
    for (const starter of [first, second, third]) await starter.kill()
    expect(await stopPostgres({ root })).toBe(true)
  })
})
