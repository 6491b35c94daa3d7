import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ownerOf, socketFolder } from '../../src/adapters/postgres/embedded/folders.ts'
import { type RunningPostgres, startPostgres, stopPostgres } from '../../src/adapters/postgres/embedded/index.ts'
import { stateFolders } from './state-folders.ts'

const folder = stateFolders()
const root = folder('damaged')
let server: RunningPostgres

const failure = (reason: string) => ({
  code: 'postgres_failed',
  hint: expect.stringMatching(/\w{3}/),
  details: expect.objectContaining({ reason, value: expect.any(String) }),
})

/** Changes a file of the data folder for the time of `body`. */
async function withFile(name: string, change: (file: string) => void, body: () => Promise<void>): Promise<void> {
  const file = path.join(server.dataDir, name)
  const content = existsSync(file) ? readFileSync(file) : null
  change(file)
  await body()
  if (content === null) rmSync(file)
  else writeFileSync(file, content)
}

beforeAll(async () => {
  server = await startPostgres({ root })
  server.release()
  await stopPostgres({ root })
})

afterAll(async () => {
  const again = await startPostgres({ root })
  again.release()
})

describe('a damaged data folder', () => {
  it.each([
    ['cut', (file: string) => truncateSync(file, 100)],
    ['filled with other bytes', (file: string) => writeFileSync(file, Buffer.alloc(8192, 7))],
    ['missing', (file: string) => rmSync(file)],
  ])('is named when pg_control is %s', async (_how, damage) => {
    await withFile('global/pg_control', damage, async () => {
      const error = await startPostgres({ root }).catch((caught) => caught)
      expect(error).toMatchObject(failure('corrupt'))
      expect(error.hint).toContain(path.join(root, 'postgres.log'))
    })
  })

  it('is named when PG_VERSION is missing', async () => {
    await withFile('PG_VERSION', rmSync, async () => {
      await expect(startPostgres({ root })).rejects.toMatchObject(failure('corrupt'))
    })
  })

  it('is refused when another version made it', async () => {
    await withFile(
      'PG_VERSION',
      (file) => writeFileSync(file, '17\n'),
      async () => {
        await expect(startPostgres({ root })).rejects.toMatchObject(failure('wrong_version'))
      },
    )
  })

  it('is told from a fresh one when it lay elsewhere and is gone', async () => {
    const moved = folder('gone')
    mkdirSync(moved)
    writeFileSync(path.join(moved, 'data-path'), '/nonexistent/data\n')
    await expect(startPostgres({ root: moved })).rejects.toMatchObject(failure('data_missing'))
    rmSync(path.join(moved, 'data-path'))
  })
})

describe('a server that cannot start', () => {
  it('names bad settings', async () => {
    const settings = { shared_buffers: 'plenty' }
    await expect(startPostgres({ root, settings })).rejects.toMatchObject(failure('bad_settings'))
  })

  it('names a port in use', async () => {
    const listener = createServer().listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const { port } = listener.address() as { port: number }
    try {
      await expect(startPostgres({ root, port })).rejects.toMatchObject(failure('port_in_use'))
    } finally {
      listener.close()
    }
  })

  it('refuses a socket folder that others can enter', async () => {
    const squatted = socketFolder(server.dataDir, ownerOf(server.dataDir).uid, 5432)
    mkdirSync(squatted, { recursive: true })
    chmodSync(squatted, 0o777)
    await expect(startPostgres({ root })).rejects.toMatchObject(failure('socket_folder'))
    expect(statSync(squatted).mode & 0o777).toBe(0o777)
    rmSync(squatted, { recursive: true })
  })
})
