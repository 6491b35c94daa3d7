import { readFileSync, writeFileSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Accepted, Refused } from './case.ts'

/** Four good rows of `usage` as SQL. */
const ROWS = `select 'u' || i as user_id, (23.5 + i)::double as hours, case when i = 2 then null else 0.1::double * i end as score, i::integer as skips,
  'basic' as plan, i % 2 = 0 as active, date '2023-01-15' as joined, timestamptz '2024-01-01 12:00:00+00' as seen,
  timestamp '2024-01-01 12:00:00' as local, 'note ' || i as note from range(1, 5) t(i)`

/** Writes `usage.parquet` in place of the CSV; `select` reads the good rows as `r`. */
function parquet(select = 'from r', options = '') {
  return async (dir: string) => {
    await rm(path.join(dir, 'usage.csv'))
    const database = await DuckDBInstance.create(':memory:')
    const connection = await database.connect()
    await connection.run("set timezone = 'UTC'")
    await connection.run(
      `copy (with r as (${ROWS}) ${select}) to '${path.join(dir, 'usage.parquet')}' (format parquet${options})`,
    )
    connection.closeSync()
    database.closeSync()
  }
}

/** The same with its bytes changed. */
function spoilt(change: (bytes: Buffer) => Buffer) {
  return async (dir: string) => {
    await parquet()(dir)
    const file = path.join(dir, 'usage.parquet')
    writeFileSync(file, change(readFileSync(file)))
  }
}

const footer = (length: number) => (bytes: Buffer) => {
  const changed = Buffer.from(bytes)
  changed.writeUInt32LE(length, changed.length - 8)
  return changed
}
/** Declares that the first page has two gigabytes: in its header, the number behind the type of the page. */
function hugePage(bytes: Buffer): Buffer {
  // Thrift's compact protocol: 0x15 says that the next field is an i32, a zigzag number of seven bits a byte.
  const at = bytes.indexOf(0x15, 5) + 1
  let end = at
  while (bytes[end]! & 0x80) end++
  return Buffer.concat([bytes.subarray(0, at), Buffer.of(0xfe, 0xff, 0xff, 0xff, 0x0f), bytes.subarray(end + 1)])
}
const file = 'usage.parquet'

export const parquetRefused: readonly Refused[] = [
  {
    id: 'C83',
    what: 'a Parquet file that is called .csv',
    prepare: async (dir) =>
      parquet()(dir)
        .then(async () => writeFileSync(path.join(dir, 'usage.csv'), await readFile(path.join(dir, file))))
        .then(() => rm(path.join(dir, file))),
    code: 'content_mismatch',
  },
  {
    id: 'C85',
    what: 'text that is called .parquet',
    prepare: spoilt(() => Buffer.from('user_id,hours\n')),
    code: 'content_mismatch',
    file,
  },
  {
    id: 'C85',
    what: 'another magic at the end',
    prepare: spoilt((bytes) => Buffer.concat([bytes.subarray(0, -4), Buffer.from('PAR9')])),
    code: 'parquet_corrupt',
    file,
  },
  {
    id: 'C85',
    what: 'a file that is cut',
    prepare: spoilt((bytes) => bytes.subarray(0, -100)),
    code: 'parquet_corrupt',
    file,
  },
  { id: 'C85', what: 'a footer longer than the file', prepare: spoilt(footer(1 << 20)), code: 'parquet_corrupt', file },
  { id: 'C85', what: 'a footer of two gigabytes', prepare: spoilt(footer(0x7fffffff)), code: 'parquet_corrupt', file },
  {
    id: 'C85',
    what: 'a footer without an end',
    prepare: spoilt((bytes) => Buffer.concat([bytes.subarray(0, -200), Buffer.alloc(192, 0xff), bytes.subarray(-8)])),
    code: 'parquet_corrupt',
    file,
  },
  {
    id: 'C87',
    what: 'a page that is declared to have two gigabytes',
    prepare: spoilt(hugePage),
    code: 'parquet_corrupt',
    file,
  },
  {
    id: 'C87',
    what: 'a file that is small and grows to more than the quota',
    define: { maxBytes: 1_000_000 },
    prepare: parquet(`select r.* replace (repeat('x', 60000) as note) from r, range(100)`, ', compression zstd'),
    code: 'parquet_limit',
    file,
  },
  {
    id: 'C86',
    what: 'bytes turned in a data page, beside a manifest',
    prepare: async (dir) => {
      await parquet('from r', ', compression uncompressed')(dir)
      const { createHash } = await import('node:crypto')
      const good = readFileSync(path.join(dir, file))
      const sha256 = createHash('sha256').update(good).digest('hex')
      writeFileSync(path.join(dir, 'manifest.json'), JSON.stringify({ files: { [file]: { sha256 } } }))
      const bad = Buffer.from(good)
      bad[good.indexOf('note 2') + 5]! ^= 1
      writeFileSync(path.join(dir, file), bad)
    },
    code: 'size_or_hash_mismatch',
    file,
  },
  ...(
    [
      ['a decimal', 'hours::decimal(10, 2)', 'hours'],
      ['an unsigned integer of 64 bits', 'skips::ubigint', 'skips'],
      ['a list', '[skips]', 'skips'],
      ['a struct', '{v: skips}', 'skips'],
      ['bytes', 'note::blob', 'plan'],
      ['text in place of a number', 'hours::varchar', 'hours'],
      ['a date in place of an instant', 'seen::date', 'seen'],
    ] as const
  ).map(
    ([what, sql, column]): Refused => ({
      id: 'C88',
      what,
      prepare: parquet(`select * replace (${sql} as ${column}) from r`),
      code: 'parquet_type',
      file,
      column,
    }),
  ),
  {
    id: 'C88',
    what: 'NaN',
    prepare: parquet(`select * replace (case when skips = 2 then 'nan'::double else hours end as hours) from r`),
    code: 'not_finite',
    file,
    column: 'hours',
  },
  {
    id: 'C89',
    what: 'a name with quotes in it',
    prepare: parquet(`select *, 1 as "x""; drop table y --" from r`),
    code: 'column_invalid',
    file,
  },
  {
    id: 'C89',
    what: 'a name in capitals',
    prepare: parquet(`select * rename (hours as "Hours") from r`),
    code: 'column_missing',
    file,
    column: 'hours',
  },
  {
    id: 'C90',
    what: 'a codec that nobody else writes',
    prepare: parquet('from r', ', compression brotli'),
    code: 'parquet_unsupported',
    file,
  },
  {
    id: 'C90',
    what: 'an encrypted file',
    prepare: async (dir) => {
      await rm(path.join(dir, 'usage.csv'))
      writeFileSync(
        path.join(dir, file),
        Buffer.concat([Buffer.from('PARE'), Buffer.alloc(100, 7), Buffer.from('PARE')]),
      )
    },
    code: 'parquet_unsupported',
    file,
  },
  {
    id: 'C24',
    what: 'a column that is missing in a Parquet file',
    prepare: parquet('select * exclude (hours) from r'),
    code: 'column_missing',
    file,
    column: 'hours',
  },
  {
    id: 'C47',
    what: 'a value out of range in a Parquet file',
    prepare: parquet('select * replace (case when skips = 2 then 800 else hours end as hours) from r'),
    code: 'out_of_range',
    file,
    column: 'hours',
  },
  {
    id: 'C60',
    what: 'a key twice in a Parquet file',
    prepare: parquet('from r union all from r'),
    code: 'duplicate_key',
    file,
    column: 'user_id',
  },
]

export const parquetAccepted: readonly Accepted[] = [
  {
    id: 'C88',
    what: "a Parquet file of the contract's types",
    prepare: parquet(),
    checked: { format: 'parquet', rows: 4 },
    stored: [
      {
        user_id: 'u1',
        hours: '24.5',
        score: '0.1',
        skips: '1',
        active: 'false',
        joined: '2023-01-15',
        seen: '2024-01-01 12:00:00',
        local: '2024-01-01 11:00:00',
      },
      { score: null },
      { score: '0.30000000000000004' },
      { note: 'note 4' },
    ],
  },
  ...['snappy', 'gzip', 'zstd', 'uncompressed'].map(
    (codec): Accepted => ({
      id: 'C90',
      what: `the codec ${codec}`,
      prepare: parquet('from r', `, compression ${codec}`),
      stored: [{ hours: '24.5' }, {}, {}, {}],
    }),
  ),
]
