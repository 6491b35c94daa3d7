import { createReadStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { simulate, TIMELINE } from '../../../../examples/streamflow/simulate.ts'
import { definitionText } from '../../src/adapters/definition-text/definition-text.ts'
import { proposed } from '../../src/cli/commands/check-data.ts'
import { asOf } from '../../src/domain/as-of.ts'
import { CsvCheck } from '../../src/domain/csv/csv-check.ts'
import { ingest } from '../../src/loop/ingest.ts'
import { compilerErrors, definitionFolder, load } from '../definition-folder.ts'
import { storesForTests } from '../loop/stores.ts'
import { vigie } from '../program.ts'
import { sharedPath } from '../shared.ts'

const root = path.resolve(import.meta.dirname, '../../../..')
const folder = definitionFolder()
const months = path.join(folder, 'months')
const real = sharedPath('data', 'streamflow')

const deliveries = [
  ...TIMELINE.filter(({ kind }) => kind !== 'broken').map((planted) => path.join(months, planted.folder)),
  ...(real ? ['month_000', 'month_001'].map((month) => path.join(real, month)) : []),
].map((dir, i) => ({ dir, out: path.join(folder, `proposal_${i}.config.ts`) }))

beforeAll(async () => {
  await simulate({ dir: months, users: 600, seed: 11 })
  for (const { dir, out } of deliveries) {
    const { proposal } = await proposed(dir, { name: 'proposal', key: undefined, first: asOf('2024-01-31') })
    writeFileSync(out, definitionText(proposal.draft))
  }
})

describe('a definition that was proposed from a delivery', () => {
  test('compiles under strict', () => {
    expect(
      compilerErrors(
        folder,
        deliveries.map(({ out }) => out),
      ),
    ).toEqual([])
  })

  test('is accepted by `vigie check`', async () => {
    const { status, stderr } = await vigie(['check', '--config', deliveries[0]!.out]).ended
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })

  test('is passed by every file of the delivery', async () => {
    for (const { dir, out } of deliveries) {
      const { sources } = await load(out)
      expect(Object.keys(sources)).toHaveLength(6)
      for (const contract of Object.values(sources)) {
        const check = new CsvCheck(contract)
        const stream = createReadStream(path.join(dir, `${contract.name}.csv`), { highWaterMark: 1 << 18 })
        for await (const chunk of stream) check.push(chunk as Buffer)
        expect(check.end().rows).toBeGreaterThan(0)
      }
    }
  })

  test('finds the key, the label, the list of all keys and the types of the real definition', async () => {
    const { entity, label, sources } = await load(deliveries[0]!.out)
    expect({ entity, label }).toMatchObject({
      entity: { key: 'user_id', listedIn: 'users' },
      label: { from: 'labels', column: 'churn_label' },
    })
    const written = await load(path.join(root, 'examples/streamflow/vigie.config.ts'))
    for (const { name, columns } of Object.values(written.sources)) {
      const proposed = new Map(sources[name]?.columns.map((column) => [column.name, column]))
      for (const { name: column, type, optional } of columns) {
        expect(proposed.get(column)).toMatchObject({ type, optional })
      }
    }
  })
})

describe('the delivery', () => {
  const stores = storesForTests()

  test('is ingested under its own proposal', async () => {
    const [{ dir, out }] = deliveries as [(typeof deliveries)[number]]
    const taken = await ingest(stores.ports, await load(out), { dir, asOf: asOf('2024-01-31') })
    expect(taken).toMatchObject({ rows: 600, already: false })
  })
})

describe('vigie check data', () => {
  const small = path.join(folder, 'small')
  beforeAll(() => {
    mkdirSync(small)
    const rows = Array.from({ length: 300 }, (_, i) => `u${i},${i % 5 === 0 ? -1 : i % 9},${i % 2 === 0 ? 'Y' : 'N'}\n`)
    writeFileSync(path.join(small, 'visits.csv.gz'), gzipSync(`id,visits,active\n${rows.join('')}`))
    writeFileSync(path.join(small, 'notes.txt'), 'hello')
  })

  test('reads gzip, says what is in doubt, and prints one document with --json', async () => {
    const { status, stdout } = await vigie(['check', 'data', small, '--json'], {
      cwd: folder,
      env: { VIGIE_CONFIG: '' },
    }).ended
    const { key, rows, doubts, definition } = JSON.parse(stdout)
    expect({ status, key, rows }).toEqual({ status: 0, key: 'id', rows: { visits: 300 } })
    expect(doubts).toEqual([
      { file: 'visits', column: 'visits', text: expect.stringMatching(/^-1 stands 60 times/) },
      { file: 'notes.txt', column: null, text: 'is no CSV file: left out' },
    ])
    expect(definition).toContain('active: f.boolean(), // N 50 %, Y 50 %')
    expect(definition).toContain('TODO: no boolean column looks like what is to be predicted')
  })

  test('refuses what is no gzip file', async () => {
    const dir = path.join(folder, 'cut')
    mkdirSync(dir)
    writeFileSync(path.join(dir, 'visits.csv.gz'), gzipSync('id,visits\nu1,1\n').subarray(0, 30))
    const { status, stdout } = await vigie(['check', 'data', dir, '--json']).ended
    expect({ status, code: JSON.parse(stdout).error.code }).toEqual({ status: 3, code: 'archive_corrupt' })
  })

  test('prints the definition and nothing else, to be redirected into a file', async () => {
    const { status, stdout } = await vigie(['check', 'data', small, '--as-of', '2024-01-31']).ended
    const file = path.join(folder, 'printed.config.ts')
    writeFileSync(file, stdout)
    expect(status).toBe(0)
    expect((await load(file)).sources.visits?.booleans).toEqual({ true: ['Y'], false: ['N'] })
  })

  test('never overwrites a definition', async () => {
    const file = path.join(folder, 'mine.config.ts')
    writeFileSync(file, 'mine')
    const { status, stdout } = await vigie(['check', 'data', small, '--out', file, '--json']).ended
    expect({ status, code: JSON.parse(stdout).error.code }).toEqual({ status: 2, code: 'file_exists' })
    expect(readFileSync(file, 'utf8')).toBe('mine')
  })

  test.each([
    ['a folder without CSV files', root, 3, 'nothing_to_propose'],
    ['a file', import.meta.filename, 2, 'wrong_use'],
    ['nothing', path.join(folder, 'nothing'), 2, 'wrong_use'],
  ])('says what is wrong with %s', async (_what, dir, status, code) => {
    const ended = await vigie(['check', 'data', dir, '--json']).ended
    expect({ status: ended.status, code: JSON.parse(ended.stdout).error.code }).toEqual({ status, code })
    expect(existsSync(path.join(folder, 'nothing'))).toBe(false)
  })
})
