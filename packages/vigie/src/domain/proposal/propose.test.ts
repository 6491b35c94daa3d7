import { describe, expect, test } from 'vitest'
import { CsvCheck } from '../csv/csv-check.ts'
import { chooseKey, keyCandidates } from './choose-key.ts'
import { type FileProfile, FileProfiler } from './file-profile.ts'
import { propose } from './propose.ts'

const GIVEN = { name: 'x', first: '2024-01-31', firstNote: null }

function profile(name: string, text: string, keys: readonly string[] = ['id'], chunk = 7): FileProfile {
  const bytes = Buffer.from(text)
  const profiler = new FileProfiler(name, `${name}.csv`, keys)
  for (let at = 0; at < bytes.length; at += chunk) profiler.push(bytes.subarray(at, at + chunk))
  return profiler.end()
}

/** A file with the key `id` and one column `x`, each value `times` times. */
const column = (values: readonly string[], times = 100) =>
  `id,x\n${Array.from({ length: values.length * times }, (_, i) => `u${i},${values[i % values.length]}\n`).join('')}`

const labels = () => profile('labels', column(['True', 'False']).replace('x', 'churned'))

function proposal(...files: readonly FileProfile[]) {
  return propose([...files, labels()], { ...GIVEN, key: 'id' })
}

function contractOf(text: string, name = 'data') {
  const { draft, doubts } = proposal(profile(name, text), profile('other', column(['1', '2'])))
  const { contract, role, columnNotes } = draft.files.find((file) => file.contract.name === name)!
  return { contract, role, notes: columnNotes, doubts: doubts.filter(({ file }) => file === name) }
}

describe('a column is proposed as', () => {
  test.each([
    ['a whole number', ['3', '0', '17'], { type: 'int', optional: false, min: 0, max: 20 }],
    ['a float when one value has a fraction', ['3', '0.5'], { type: 'float', optional: false, min: 0, max: 4 }],
    ['a date', ['2024-01-31', '2023-12-01'], { type: 'date', optional: false }],
    ['an instant', ['2024-01-31T00:00:00Z', '2024-01-31T05:00:00+01:00'], { type: 'timestamp', optional: false }],
    ['an instant with a zone to name', ['2024-01-31 00:00:00'], { type: 'timestamp', optional: false, zone: 'UTC' }],
    ['a boolean', ['True', 'False'], { type: 'boolean', optional: false }],
    ['a boolean with nulls', ['True', '', 'False'], { type: 'boolean', optional: true }],
    ['a category', ['b', 'b', 'a'], { type: 'category', optional: false, categories: ['b', 'a'] }],
    ['a number with nulls', ['1', 'NA'], { type: 'int', optional: true, min: 1, max: 1 }],
  ])('%s', (_what, values, expected) => {
    expect(contractOf(column(values)).contract.columns[1]).toEqual({ name: 'x', ...expected })
  })

  test.each([
    ['free text', Array.from({ length: 100 }, (_, i) => `text ${i}`)],
    ['numbers beyond 2^53', ['12345678901234567890', '12345678901234567891'].flatMap((text) => [text, `${text}1`])],
    ['nothing at all', ['']],
    ['texts that are too many for so few rows', Array.from({ length: 15 }, (_, i) => `t${i}`)],
  ])('unused: %s', (_what, values) => {
    expect(contractOf(column(values, 5)).contract.unused).toEqual(['x'])
  })

  test('a text that only once is no number', () => {
    const { contract, doubts } = contractOf(column([...Array.from({ length: 99 }, (_, i) => String(i)), 'many'], 1))
    expect(contract.unused).toEqual(['x'])
    expect(doubts[0]?.text).toBe('1 value is no number, all others are: the column is proposed as text')
  })
})

describe('what looks wrong is said', () => {
  test.each([
    [
      'a sentinel below',
      ['-1', '0', '40'],
      '-1 stands 100 times, all other values lie in 0 to 40: does it mean that there is no value?',
    ],
    [
      'a sentinel above',
      ['999', '0', '40'],
      '999 stands 100 times, all other values lie in 0 to 40: does it mean that there is no value?',
    ],
    [
      'a date that is none',
      ['9999-12-31', '2024-01-31'],
      '9999-12-31 stands 100 times: does it mean that there is no date?',
    ],
    ['several null tokens', ['', 'NA', '4'], 'null is written in 2 ways: "" 100 times, "NA" 100 times'],
    ['a constant', ['7'], 'is 7 in every row: a model learns nothing from it'],
  ])('%s', (_what, values, text) => {
    expect(contractOf(column(values)).doubts.map((doubt) => doubt.text)).toEqual([text])
  })

  test.each([
    ['negative numbers', ['-1', '-2', '5']],
    ['numbers up to 999', ['999', '998', '0']],
  ])('%s are no sentinels', (_what, values) => {
    expect(contractOf(column(values)).doubts).toEqual([])
  })

  test('keys that differ by case, blanks or Unicode form', () => {
    const { doubts } = contractOf('id,x\nu1,1\nU1,2\nu2,3\n u2,4\nété,5\ne\u0301te\u0301,6\n')
    expect(doubts[0]).toMatchObject({
      column: 'id',
      text: expect.stringContaining('3 keys are another key but for case'),
    })
  })
})

describe('a file is proposed as', () => {
  test('the label when it is called so and holds one truth, also as 1 and 0', () => {
    const rows = Array.from({ length: 200 }, (_, i) => `u${i},${i % 2},free ${i}\n`).join('')
    const target = profile('targets', `id,left,comment\n${rows}`)
    const { draft } = propose([profile('data', column(['1', '2'])), target], { ...GIVEN, key: 'id' })
    const label = draft.files.at(-1)!
    expect(label.role).toMatchObject({ kind: 'label', column: 'left' })
    expect(label.contract).toMatchObject({ booleans: { true: ['1'], false: ['0'] }, unused: ['comment'] })
  })

  test('a view without the label that stands in it, and a label to be delivered', () => {
    const rows = Array.from({ length: 300 }, (_, i) => `u${i},${i % 7},${i % 3 === 0 ? 'Yes' : 'No'}\n`).join('')
    const { draft } = propose([profile('customers', `id,age,churn\n${rows}`)], { ...GIVEN, key: 'id' })
    const [customers, label] = draft.files
    expect(customers?.contract).toMatchObject({ unused: ['churn'] })
    expect(customers?.contract.columns.map(({ name }) => name)).toEqual(['id', 'age'])
    expect(label?.role).toMatchObject({ kind: 'label', column: 'churn' })
    expect(label?.notes[0]).toMatch(/^TODO: churn in customers looks like the label/)
  })

  test('a view of events when its key repeats and each row has a time', () => {
    const rows = Array.from(
      { length: 300 },
      (_, i) => `u${i % 9},2024-01-01T00:00:0${i % 9}Z,${i},2024-01-02T00:00:00Z\n`,
    )
    const events = `id,happened_at,amount,created_at\n${rows.join('')}`
    expect(contractOf(events).contract).toMatchObject({ eventTime: 'happened_at', createdTime: 'created_at' })
  })

  test('nothing when its key repeats and nothing says when', () => {
    const { draft, doubts } = proposal(profile('log', 'id,x\nu1,1\nu1,2\n'), profile('data', column(['1', '2'])))
    expect(draft.files.map(({ contract }) => contract.name)).toEqual(['data', 'labels'])
    expect(doubts).toEqual([{ file: 'log', column: 'id', text: expect.stringContaining('left out') }])
  })

  test('the list of all keys when it is named after them and all files have the same', () => {
    const things = (rows: number) =>
      `thing_id,x\n${Array.from({ length: rows }, (_, i) => `t${i},${i % 5}\n`).join('')}`
    const files = (rows: number) =>
      ['things', 'data'].map((name) => profile(name, things(name === 'data' ? rows : 50), ['thing_id']))
    const listed = (rows: number) => propose(files(rows), { ...GIVEN, key: 'thing_id' }).draft.entity.listedIn
    expect([listed(50), listed(51)]).toEqual(['things', null])
  })
})

test('a file passes its own contract, whatever the values are', () => {
  const values = [
    '1',
    '',
    'NA',
    'x',
    '-5',
    '1e3',
    '2024-02-29',
    'True',
    ' ',
    '"a,b"',
    '0.1',
    '2024-01-01T00:00:00Z',
    '01',
  ]
  for (let first = 0; first < values.length; first++) {
    for (let second = 0; second < values.length; second++) {
      for (const times of [1, 60]) {
        const text = column([values[first]!, values[second]!], times)
        const { contract } = contractOf(text)
        const check = new CsvCheck(contract)
        check.push(Buffer.from(text))
        expect(check.end().rows).toBe(2 * times)
      }
    }
  }
})

test('a delivery without anything that a model could read is no project', () => {
  const only = profile(
    'data',
    column(
      Array.from({ length: 100 }, (_, i) => `text ${i}`),
      1,
    ),
  )
  expect(() => propose([only], { ...GIVEN, key: 'id' })).toThrow(
    expect.objectContaining({ code: 'nothing_to_propose' }),
  )
})

describe('the key', () => {
  test('is the column that every file has and that is unique', () => {
    const headers = [
      ['region', 'user_id', 'x'],
      ['region', 'user_id', 'y'],
    ]
    const candidates = keyCandidates(headers)
    expect(candidates).toEqual(['user_id', 'region'])
    const files = ['a', 'b'].map((name) => profile(name, `region,user_id,${name}\nr,u1,1\nr,u2,2\n`, candidates))
    expect(chooseKey(files, candidates)).toBe('user_id')
  })

  test('is asked for when there is none', () => {
    const files = [profile('a', 'id,x\nu1,1\nu1,2\n')]
    expect(() => chooseKey(files, ['id'])).toThrow(expect.objectContaining({ code: 'no_entity_key' }))
    expect(() => chooseKey([profile('a', 'id,x\n,1\nu1,2\n')], ['id'])).toThrow(/id is no key in 1 rows/)
  })
})

test.each([
  ['a short row', 'id,x\nu1,1\nu2\n', 'ragged_row'],
  ['a long row', 'id,x\nu1,1,2\n', 'ragged_row'],
  ['a name that no column can have', 'id,Monthly Fee\nu1,1\n', 'column_invalid'],
  ['a name twice', 'id,x,x\nu1,1,2\n', 'duplicate_column'],
  ['no rows', 'id,x\n', 'no_rows'],
  ['nothing', '', 'empty_file'],
])('%s is refused as at an ingest', (_what, text, code) => {
  expect(() => profile('data', text)).toThrow(expect.objectContaining({ code }))
})
