import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { localVectorLog } from '../../src/adapters/local/vector-log.ts'
import type { FeatureStatus } from '../../src/domain/feature-status.ts'
import type { OnlineRequest } from '../../src/ports/online-store.ts'
import type { Served, ServedBatch, ServedVectors } from '../../src/ports/served-vectors.ts'
import { featureOf } from '../delivery.ts'

const one: OnlineRequest = { features: [featureOf('usage', 'hours', 'float')], maxAges: { usage: 1 } }
const two: OnlineRequest = {
  features: [featureOf('usage', 'hours', 'float'), featureOf('plan', 'kind', 'category', ['é', 'b'])],
  maxAges: {},
}

function served(n: number, values: readonly number[], statuses?: readonly FeatureStatus[]): Served {
  const vector = { values: Float64Array.from(values), statuses: statuses ?? values.map(() => 'PRESENT' as const) }
  return { key: `é-${n}`, at: 1.7e15 + n, stamp: 2 ** 53 - 1, vector }
}

async function rowsOf(log: ServedVectors, limit = 1e6): Promise<readonly ServedBatch['rows'][number][]> {
  const rows: ServedBatch['rows'][number][] = []
  for await (const batch of log.newest(limit)) rows.push(...batch.rows)
  return rows
}

const numbers = async (log: ServedVectors, limit?: number) =>
  (await rowsOf(log, limit)).map(({ key }) => Number(key.slice(2))).sort((a, b) => a - b)

describe('the log of served vectors', () => {
  let folder: string
  let log: ServedVectors

  beforeEach(async () => {
    folder = path.join(await mkdtemp(path.join(os.tmpdir(), 'vigie-served-')), 'served')
    log = localVectorLog({ folder })
  })
  afterEach(async () => {
    await log.close()
    await rm(path.dirname(folder), { recursive: true })
  })

  it('gives back every bit, with how it was read', async () => {
    log.append(one, served(1, [0.1 + 0.2]))
    log.append(two, served(2, [Number.NaN, 1], ['OUTSIDE_MAX_AGE', 'PRESENT']))
    log.append(one, served(3, [-0]))
    log.append(two, served(4, [Number.NaN, Number.NaN], ['NULL_VALUE', 'NOT_FOUND']))
    await log.flush()
    const batches: ServedBatch[] = []
    for await (const batch of log.newest(10)) batches.push(batch)
    const row = (n: number, values: readonly number[], statuses: readonly string[]) => ({
      key: `é-${n}`,
      at: 1.7e15 + n,
      stamp: 2 ** 53 - 1,
      values: Float64Array.from(values),
      statuses,
    })
    expect(batches).toEqual([
      {
        request: two,
        rows: [
          row(2, [Number.NaN, 1], ['OUTSIDE_MAX_AGE', 'PRESENT']),
          row(4, [Number.NaN, Number.NaN], ['NULL_VALUE', 'NOT_FOUND']),
        ],
      },
      { request: one, rows: [row(1, [0.1 + 0.2], ['PRESENT']), row(3, [-0], ['PRESENT'])] },
    ])
  })

  it('is written within a second or so, without being asked, and read by another program meanwhile', async () => {
    log.append(one, served(1, [1]))
    const reader = localVectorLog({ folder })
    await expect.poll(() => numbers(reader), { timeout: 5000 }).toEqual([1])
    log.append(one, served(2, [1]))
    await log.flush()
    expect(await numbers(reader)).toEqual([1, 2])
    expect(await numbers(reader, 1)).toEqual([2])
  })

  it('is for its owner only, because it holds keys', async () => {
    log.append(one, served(1, [1]))
    await log.flush()
    const [name] = await readdir(folder)
    expect((await stat(path.join(folder, name!))).mode & 0o777).toBe(0o600)
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
  })

  it('makes no file while nothing is served', async () => {
    await log.close()
    await expect(readdir(folder)).rejects.toMatchObject({ code: 'ENOENT' })
    expect(await numbers(log)).toEqual([])
  })

  it('goes on in new segments, keeps the newest, and stays below its size', async () => {
    await log.close()
    log = localVectorLog({ folder, segmentBytes: 2000, maxBytes: 10_000 })
    for (let n = 0; n < 400; n++) {
      log.append(one, served(n, [n]))
      if (n % 5 === 4) await log.flush()
    }
    const sizes = await Promise.all(
      (await readdir(folder)).map(async (name) => (await stat(path.join(folder, name))).size),
    )
    expect(sizes.length).toBeGreaterThan(2)
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(10_000)
    const kept = await numbers(log)
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => 400 - kept.length + i))
    expect(kept.length).toBeGreaterThan(100)
  })

  it('tolerates an end that is torn, or no bytes at all', async () => {
    log.append(one, served(1, [1]))
    await log.flush()
    log.append(one, served(2, [2]))
    await log.flush()
    await log.close()
    const file = path.join(folder, (await readdir(folder))[0]!)
    const { size } = await stat(file)
    await truncate(file, size - 1)
    expect(await numbers(log)).toEqual([1])
    await appendFile(file, Buffer.alloc(40, 7))
    expect(await numbers(log)).toEqual([1])
    await truncate(file, 3)
    await writeFile(path.join(folder, '000000000000001-1-0.vectors'), '')
    expect(await numbers(log)).toEqual([])
  })

  it('drops and counts what cannot be written, and goes on when it can', async () => {
    await writeFile(folder, 'in the way')
    log.append(one, served(1, [1]))
    await log.flush()
    expect(log.dropped()).toBe(1)
    await rm(folder)
    log.append(one, served(2, [2]))
    await log.flush()
    expect(log.dropped()).toBe(1)
    expect(await numbers(log)).toEqual([2])
  })

  it('never waits: a burst beyond its memory is dropped and counted', async () => {
    const wide: OnlineRequest = {
      features: Array.from({ length: 1000 }, (_, i) => featureOf('usage', `f${i}`, 'float')),
      maxAges: {},
    }
    const row = served(
      1,
      Array.from({ length: 1000 }, (_, i) => i),
    )
    for (let n = 0; n < 1000; n++) log.append(wide, row)
    await log.flush()
    expect(log.dropped()).toBeGreaterThan(100)
    expect((await rowsOf(log)).length).toBe(1000 - log.dropped())
  })

  it('a program that is killed leaves what it wrote', async () => {
    const child = spawn(
      process.execPath,
      [
        '--conditions=vigie-source',
        '--input-type=module',
        '--eval',
        `const { localVectorLog } = await import(${JSON.stringify(import.meta.resolve('../../src/adapters/local/vector-log.ts'))})
         const log = localVectorLog({ folder: ${JSON.stringify(folder)} })
         const vector = { values: Float64Array.of(1), statuses: ['PRESENT'] }
         for (let n = 0; ; n++) {
           log.append(${JSON.stringify(one)}, { key: 'é-' + n, at: n, stamp: 1, vector })
           if (n % 100 === 99) { await log.flush(); console.log(n) }
         }`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    let written = 0
    for await (const line of createInterface(child.stdout)) {
      written = Number(line)
      if (written > 500) child.kill('SIGKILL')
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    const kept = await numbers(log)
    expect(kept.length).toBeGreaterThanOrEqual(written + 1)
    expect(kept).toEqual(Array.from(kept, (_, i) => i))
  })
})
