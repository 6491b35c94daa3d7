import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { definitionText } from '../../src/adapters/definition-text/definition-text.ts'
import { COLUMN_EXPECTATIONS } from '../../src/adapters/great-expectations/column-expectations.ts'
import { importSuite } from '../../src/adapters/great-expectations/import-suite.ts'
import { readSuite } from '../../src/adapters/great-expectations/suite.ts'
import { SuiteCheck } from '../../src/adapters/great-expectations/suite-check.ts'
import { TABLE_EXPECTATIONS } from '../../src/adapters/great-expectations/table-expectations.ts'
import { gates } from '../../src/define/gates.ts'
import type { Project } from '../../src/define/project.ts'
import { asOf } from '../../src/domain/as-of.ts'
import { CsvCheck } from '../../src/domain/csv/csv-check.ts'
import { hasCode } from '../../src/errors.ts'
import { ingest } from '../../src/loop/ingest.ts'
import { compilerErrors, definitionFolder, load } from '../definition-folder.ts'
import { type StoresForTests, storesForTests } from '../loop/stores.ts'
import { vigie } from '../program.ts'
import { SUITE_CASES, type SuiteCase } from './suite-cases.ts'

/** What compares with the month before is ours, not the suite's. */
const OFF = gates({
  volume: 'off',
  unitChange: 'off',
  constantColumn: 'off',
  sentinelSpike: 'off',
  columnsSwapped: 'off',
  nullRateJump: 'off',
})
const GIVEN = { key: undefined, source: 'data', first: '2024-01-31', firstNote: 'TODO' }
const DATES = ['2024-01-31', '2024-02-29', '2024-03-31', '2024-04-30'].map((date) => asOf(date))

const folder = definitionFolder()

/** What Great Expectations itself says of each file of each case: the interop test asks it again. */
const recorded: { readonly great_expectations: string; readonly verdicts: readonly (readonly boolean[])[] } =
  JSON.parse(readFileSync(path.join(import.meta.dirname, '../fixtures/great-expectations/verdicts.json'), 'utf8'))

async function projectOf({ expectations }: Pick<SuiteCase, 'expectations'>, name: string): Promise<Project> {
  const { draft, unexpressed } = importSuite({ name: 'data', expectations }, GIVEN)
  expect(unexpressed).toEqual([])
  const file = path.join(folder, `${name}.config.ts`)
  writeFileSync(file, definitionText(draft))
  const said = await load(file)
  const asked = Object.entries(said.gates).map(([source, { rowCount }]) => [source, { ...OFF, rowCount }] as const)
  return { ...said, gates: Object.fromEntries(asked) }
}

/** Rules about more than one row: only the stores can judge them. */
const needsStores = ({ what, expectations }: SuiteCase): boolean =>
  what.includes('key') || expectations.slice(2).some(({ type }) => /row_count|unique(?!_within)/.test(type))

function passesCheck(project: Project, text: string): boolean {
  const check = new CsvCheck(project.sources.data!)
  try {
    check.push(Buffer.from(text))
    return check.end().held.length === 0
  } catch (error) {
    if (hasCode(error) && error.kind === 'rejected') return false
    throw error
  }
}

async function isTaken(stores: StoresForTests, project: Project, text: string, i: number): Promise<boolean> {
  const dir = path.join(stores.folder, `delivery_${i}`)
  mkdirSync(dir)
  writeFileSync(path.join(dir, 'data.csv'), text)
  // What a definition needs and a suite knows nothing of.
  writeFileSync(path.join(dir, 'labels.csv'), 'id,label\nu0,True\n')
  writeFileSync(path.join(dir, 'features.csv'), 'id,value\nu0,1\n')
  try {
    await ingest(stores.ports, project, { dir, asOf: DATES[i]! })
    return true
  } catch (error) {
    if (hasCode(error) && error.kind === 'rejected') return false
    throw error
  }
}

describe('a suite of Great Expectations gives the same verdict as a definition:', () => {
  const cases = SUITE_CASES.map((each, i) => [each.what, each, i] as const)

  test.each(cases.filter(([, each]) => !needsStores(each)))('%s', async (_what, each, i) => {
    const project = await projectOf(each, `case_${i}`)
    const verdicts = each.files.map((text) => passesCheck(project, text))
    expect(verdicts).toEqual(recorded.verdicts[i])
    // a case in which everything is taken would show nothing
    expect(new Set(verdicts).size).toBe(2)
  })

  describe('of whole files:', () => {
    const stores = storesForTests()

    test.each(cases.filter(([, each]) => needsStores(each)))('%s', async (_what, each, i) => {
      const project = await projectOf(each, `case_${i}`)
      const verdicts: boolean[] = []
      for (const [j, text] of each.files.entries()) verdicts.push(await isTaken(stores, project, text, j))
      expect(verdicts).toEqual(recorded.verdicts[i])
      expect(new Set(verdicts).size).toBe(2)
    })
  })

  test.each(cases)('%s, asked one by one', (_what, { expectations, files }, i) => {
    const suite = readSuite({ name: 'data', expectations })
    const results = files.map((text) => {
      const check = new SuiteCheck(suite, 'data', 'id')
      for (const byte of [text.slice(0, 9), text.slice(9)]) check.push(Buffer.from(byte))
      return check.end()
    })
    expect(results.map(({ success }) => success)).toEqual(recorded.verdicts[i])
    for (const { statistics, results: each } of results) {
      expect(statistics.evaluated_expectations).toBe(expectations.length)
      expect(each.map(({ exception_info }) => exception_info.exception_message)).toEqual(expectations.map(() => null))
    }
  })

  test('every case was judged by Great Expectations 1', () => {
    expect(recorded.great_expectations).toMatch(/^1\./)
    expect(recorded.verdicts.map((files) => files.length)).toEqual(SUITE_CASES.map(({ files }) => files.length))
  })

  test('the definitions compile', () => {
    const files = SUITE_CASES.map((_case, i) => path.join(folder, `case_${i}.config.ts`))
    expect(compilerErrors(folder, files)).toEqual([])
  })
})

describe('what has no words here is listed with the reason:', () => {
  const key = [
    { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'id' } },
    { type: 'expect_column_values_to_be_unique', kwargs: { column: 'id' } },
  ]
  const listed = (...expectations: readonly object[]) =>
    importSuite({ name: 'x', expectations: [...key, ...expectations] }, GIVEN).unexpressed

  test.each([
    ['a pattern', 'expect_column_values_to_match_regex', { column: 'x', regex: '^a' }, 'no rules about their form'],
    [
      'an aggregate',
      'expect_column_mean_to_be_between',
      { column: 'x', min_value: 1 },
      'judged against the month before',
    ],
    [
      'a share of values',
      'expect_column_values_to_be_between',
      { column: 'x', min_value: 1, mostly: 0.9 },
      '90 % of the values',
    ],
    ['some rows only', 'expect_column_values_to_be_unique', { column: 'x', row_condition: 'y > 1' }, 'some rows only'],
    [
      'a parameter',
      'expect_column_max_to_be_between',
      { column: 'x', max_value: { $PARAMETER: 'most' } },
      'parameters',
    ],
    ['a query', 'unexpected_rows_expectation', { unexpected_rows_query: 'select 1' }, 'queries are not run'],
    ["an expectation of one's own", 'expect_moon_to_be_full', { column: 'x' }, 'not one of the expectations'],
    [
      'a list of floats',
      'expect_column_values_to_be_in_set',
      { column: 'x', value_set: [1.5, 2.5] },
      'a list of values',
    ],
    ['a list with gaps', 'expect_column_values_to_be_in_set', { column: 'x', value_set: [1, 3] }, 'without gaps'],
    [
      'a range of dates',
      'expect_column_values_to_be_between',
      { column: 'x', min_value: '2024-01-01' },
      'ranges are of numbers',
    ],
    ['a compound key', 'expect_compound_columns_to_be_unique', { column_list: ['x', 'y'] }, 'only the key'],
    [
      'the order of columns',
      'expect_table_columns_to_match_ordered_list',
      { column_list: ['id', 'x'] },
      'not their order',
    ],
    [
      'that each value occurs',
      'expect_column_distinct_values_to_equal_set',
      { column: 'x', value_set: ['a'] },
      'every value of the set occurs',
    ],
    [
      'the key in a pair',
      'expect_column_pair_values_to_be_equal',
      { column_A: 'id', column_B: 'x' },
      'neither the key nor text',
    ],
    ['a name like a method', 'toString', { column: 'x' }, 'not one of the expectations'],
  ])('%s', (_what, type, kwargs, why) => {
    const all = listed({ type, kwargs })
    expect(all.map((each) => each.why).join('; ')).toContain(why)
    expect(all[0]!.rule).not.toBe('')
  })

  test('two severities of one column', () => {
    const between = { type: 'expect_column_values_to_be_between', kwargs: { column: 'x', min_value: 1 } }
    const all = listed(between, { ...between, severity: 'warning' })
    expect(all).toEqual([{ place: 'data.x', rule: 'severity warning', why: expect.stringContaining('one severity') }])
  })

  test('every expectation of Great Expectations 1.24 is known', () => {
    const ours = [...Object.keys(COLUMN_EXPECTATIONS), ...Object.keys(TABLE_EXPECTATIONS)]
    const theirs = readFileSync(
      path.join(import.meta.dirname, '../fixtures/great-expectations/expectations.txt'),
      'utf8',
    )
    expect(
      theirs
        .trim()
        .split('\n')
        .filter((type) => !ours.includes(type)),
    ).toEqual([])
  })
})

test('a suite without a key asks for one, and takes it', () => {
  const suite = {
    name: 'usage_suite',
    expectations: [{ type: 'expect_column_values_to_be_between', kwargs: { column: 'x', min_value: 0 } }],
  }
  const given = { ...GIVEN, source: undefined }
  expect(() => importSuite(suite, given)).toThrow(expect.objectContaining({ code: 'no_entity_key' }))
  const { contract } = importSuite(suite, { ...given, key: 'user_id' }).draft.files[0]!
  expect(contract).toMatchObject({ name: 'usage', key: 'user_id' })
})

test.each([
  ['no list', { name: 'x', expectations: [5] }],
  [
    'a column that no file can have',
    { expectations: [{ type: 'expect_column_to_exist', kwargs: { column: 'Monthly Fee' } }] },
  ],
])('%s is no suite', (_what, suite) => {
  expect(() => importSuite(suite, { ...GIVEN, key: 'id' })).toThrow(
    expect.objectContaining({ code: 'contract_invalid' }),
  )
})

test.each([
  ['the file', { ...GIVEN, key: 'id', source: '../x' }],
  ['the key', { ...GIVEN, key: 'a b' }],
])('a name of %s that cannot be one is refused', (_what, given) => {
  const suite = {
    name: 'x',
    expectations: [{ type: 'expect_column_values_to_be_between', kwargs: { column: 'x', min_value: 0 } }],
  }
  expect(() => definitionText(importSuite(suite, given).draft)).toThrow(
    expect.objectContaining({ code: 'contract_invalid' }),
  )
})

test('vigie contract check prints a validation result of Great Expectations', async () => {
  const suite = path.join(folder, 'visits_suite.json')
  const expectations = [
    ...SUITE_CASES[4]!.expectations,
    { type: 'expect_column_values_to_be_unique', kwargs: { column: 'x' } },
    { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'x' } },
    { type: 'expect_column_mean_to_be_between', kwargs: { column: 'x', max_value: 9 } },
  ]
  writeFileSync(suite, JSON.stringify({ name: 'visits_suite', expectations }))
  writeFileSync(path.join(folder, 'visits.csv'), 'id,x\nu1,3\nu2,11\nu3,3\nu4,\n')
  const { status, stdout } = await vigie(['contract', 'check', suite, folder, '--json'], {
    cwd: folder,
    env: { VIGIE_CONFIG: '' },
  }).ended
  const { success, results, statistics } = JSON.parse(stdout)
  expect({ status, success, met: statistics.successful_expectations }).toEqual({ status: 3, success: false, met: 2 })
  expect(results.slice(2).map((each: { result: object }) => each.result)).toMatchObject([
    { element_count: 4, unexpected_count: 1, missing_count: 1, partial_unexpected_list: ['11'] },
    { element_count: 4, unexpected_count: 2 },
    { element_count: 4, unexpected_count: 1 },
    {},
  ])
  expect(results[5].exception_info).toMatchObject({
    raised_exception: true,
    exception_message: expect.stringContaining('month before'),
  })
})

test('vigie contract import takes a suite for what it is', async () => {
  const [suite, out] = [path.join(folder, 'usage.json'), path.join(folder, 'usage.config.ts')]
  const mean = { type: 'expect_column_mean_to_be_between', kwargs: { column: 'hours', max_value: 9 } }
  writeFileSync(suite, JSON.stringify({ name: 'usage', expectations: [...SUITE_CASES[4]!.expectations, mean] }))
  const args = ['contract', 'import', suite, '--out', out, '--as-of', '2024-01-31', '--json']
  const { status, stdout } = await vigie(args, { cwd: folder, env: { VIGIE_CONFIG: '' } }).ended
  expect({ status, ...JSON.parse(stdout) }).toMatchObject({
    status: 0,
    key: 'id',
    unexpressed: [{ place: 'usage.hours', rule: 'expect_column_mean_to_be_between(max_value: 9)' }],
  })
  expect((await load(out)).sources.usage?.columns[1]).toMatchObject({ name: 'x', type: 'float', min: 0, max: 10 })
})
