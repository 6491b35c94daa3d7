import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import everyOption from '../../../../examples/every-option/vigie.config.ts'
import streamflow from '../../../../examples/streamflow/vigie.config.ts'
import { definitionText } from '../../src/adapters/definition-text/definition-text.ts'
import { exportContract } from '../../src/adapters/odcs/export-contract.ts'
import { importContract } from '../../src/adapters/odcs/import-contract.ts'
import { contractText, parseContractText } from '../../src/adapters/odcs/text.ts'
import type { Project } from '../../src/define/project.ts'
import { CsvCheck } from '../../src/domain/csv/csv-check.ts'
import { compilerErrors, definitionFolder, load } from '../definition-folder.ts'
import { vigie } from '../program.ts'
import { peculiar } from './peculiar-project.ts'

const folder = definitionFolder()
const GIVEN = { key: undefined, first: '2024-01-31', firstNote: 'TODO' }

/** A project through the text of its contract and the text of a definition. */
async function roundTrip(project: Project): Promise<{ readonly file: string; readonly back: Project }> {
  const contract = parseContractText(contractText(exportContract(project)), 'contract.yaml')
  const { draft, unexpressed } = importContract(contract, GIVEN)
  expect(unexpressed).toEqual([])
  const file = path.join(folder, `${project.name}.config.ts`)
  writeFileSync(file, definitionText(draft))
  return { file, back: await load(file) }
}

describe.each([
  ['of the example', streamflow],
  ['with every option', everyOption],
  ['with what is rare', peculiar],
])('the contract %s', (_what, project: Project) => {
  test('is the same after export and import, and compiles', async () => {
    const { file, back } = await roundTrip(project)
    expect(back.sources).toEqual(project.sources)
    expect(back.gates).toEqual(project.gates)
    expect(Object.keys(back.featureViews).sort()).toEqual(Object.keys(project.featureViews).sort())
    expect(back.snapshots).toEqual(project.snapshots)
    const times = ({ column, horizon, arrives }: Project['label']) => ({ column, horizon, arrives })
    expect(times(back.label)).toEqual(times(project.label))
    expect(compilerErrors(folder, [file])).toEqual([])
  })
})

test('files get the same verdict under the contract that went out and the one that came back', async () => {
  const { back } = await roundTrip(streamflow)
  const header =
    'user_id,months_active,plan_stream_tv,plan_stream_movies,contract_type,paperless_billing,monthly_fee,total_paid,net_service'
  const good = 'u1,3,True,,x,False,20.5,61.5,DSL'
  const rows = [
    ...[
      good,
      good.replace('3', '-1'),
      good.replace('3', '3.5'),
      good.replace('True', 'true'),
      good.replace('DSL', 'dsl'),
    ],
    ...[
      good.replace('u1', ''),
      good.replace('20.5', ''),
      good.replace('20.5', 'NaN'),
      `${good},x`,
      good.replace(',DSL', ''),
    ],
  ]
  const verdicts = (project: Project) =>
    rows.map((row) => {
      const check = new CsvCheck(project.sources.subscriptions!)
      try {
        check.push(Buffer.from(`${header}\n${row}\n`))
        return check.end().rows
      } catch (error) {
        return (error as { readonly code: string }).code
      }
    })
  expect(verdicts(back)).toEqual(verdicts(streamflow))
  expect(new Set(verdicts(back)).size).toBeGreaterThan(6)
})

describe('a contract that somebody else wrote', () => {
  const contract = readFileSync(path.join(import.meta.dirname, '../fixtures/odcs/orders.odcs.yaml'), 'utf8')
  const { draft, unexpressed } = importContract(parseContractText(contract, 'orders'), GIVEN)
  const orders = draft.files.find((file) => file.contract.name === 'orders')!

  test('becomes columns with types, ranges, categories and null rates', () => {
    expect(orders.contract).toMatchObject({
      key: 'order_id',
      columns: [
        { name: 'order_id', type: 'string', optional: false },
        { name: 'amount', type: 'float', optional: false, min: Number.MIN_VALUE, max: 10_000 },
        { name: 'items', type: 'int', optional: false, min: 1, max: 99 },
        { name: 'currency', type: 'category', optional: false, categories: ['EUR', 'USD'] },
        { name: 'coupon', type: 'string', optional: true, maxNullRate: 0.95, severity: 'hold' },
        { name: 'ordered_at', type: 'timestamp', optional: false, zone: 'Europe/Paris' },
        { name: 'invoice', type: 'string', optional: false, unique: true },
        { name: 'rating', type: 'int', optional: true, min: 1, max: 5 },
      ],
      nulls: ['', 'n/a'],
    })
    expect(orders.gates?.rowCount).toEqual({ severity: 'reject', min: 100, max: 120_000 })
  })

  test('is told which of its rules have no words here, each of them', () => {
    expect(unexpressed.map(({ place, rule }) => `${place}: ${rule}`)).toEqual([
      'orders.order_id: pattern: "^[A-Z]{2}[0-9]+$"',
      'orders.address: logicalType: object',
      'orders.coupon: invalidValues mustBeLessThan 5 percent',
      'orders.rating: sql check "ratings are spread"',
      'orders: invoice refers to invoices.number',
      'orders: duplicateValues mustBe 0',
      'orders: custom check "soda freshness"',
    ])
    for (const { why } of unexpressed) expect(why).not.toBe('')
  })

  test('makes a definition that compiles and resolves, with a label to be delivered', async () => {
    const file = path.join(folder, 'orders.config.ts')
    writeFileSync(file, definitionText(draft))
    expect(compilerErrors(folder, [file])).toEqual([])
    expect((await load(file)).label).toMatchObject({ from: 'labels', column: 'label' })
  })
})

describe('what is no contract is refused', () => {
  test.each([
    ['no YAML', 'a: [1'],
    ['a key twice', 'kind: DataContract\nkind: DataContract'],
    [
      'a bomb of aliases',
      `a: &a [${'x,'.repeat(50)}]\n${Array.from({ length: 12 }, (_, i) => `b${i}: &b${i} [${`*${i ? `b${i - 1}` : 'a'},`.repeat(20)}]`).join('\n')}`,
    ],
    ['another kind', 'apiVersion: v3.1.0\nkind: Other\nid: x\nschema: [{name: a}]'],
    ['version 2', 'apiVersion: v2.2.2\nkind: DataContract\nid: x\nschema: [{name: a}]'],
    [
      'a type of its own',
      'apiVersion: v3.1.0\nkind: DataContract\nid: x\nschema: [{name: a, properties: [{name: 5}]}]',
    ],
    [
      'terms of ours that are not',
      'apiVersion: v3.1.0\nkind: DataContract\nid: x\nschema: [{name: a, properties: [{name: k, primaryKey: true}], customProperties: [{property: vigie, value: {role: {kind: x}}}]}]',
    ],
  ])('%s', (_what, text) => {
    expect(() => importContract(parseContractText(text, 'x.yaml'), GIVEN)).toThrow(
      expect.objectContaining({ code: 'contract_invalid' }),
    )
  })

  test.each([
    ['a view', (text: string) => text.replace('name: subscription\n', 'name: "a: 1 }, x: process.exit(7), y: {"\n')],
    ['a file', (text: string) => text.replaceAll('usage_agg_30d', '../usage')],
    ['a column', (text: string) => text.replace('name: skips_7d', 'name: "\'+process.exit(7)+\'"')],
    ['the label', (text: string) => text.replace('column: churn_label', 'column: "x\\n}); process.exit(7)"')],
  ])('a name of %s that is program text never becomes one', (_what, spoil) => {
    const text = contractText(exportContract(streamflow))
    expect(spoil(text)).not.toBe(text)
    try {
      const { draft, unexpressed } = importContract(parseContractText(spoil(text), 'x.yaml'), GIVEN)
      const written = definitionText(draft)
      expect(unexpressed).not.toEqual([])
      expect(written.replace(/\/\/.*/g, '')).not.toContain('process.exit')
    } catch (error) {
      expect(['contract_invalid', 'nothing_to_propose']).toContain((error as { readonly code?: string }).code)
    }
  })

  test('values that look like program text stay values', async () => {
    const evil = [
      "'); process.exit(7); ('",
      '$' + '{process.exit(7)}',
      '*/ process.exit(7) /*',
      '\u2028process.exit(7)',
      '\\',
    ]
    const text = contractText({
      ...exportContract(streamflow),
      schema: [
        {
          name: 'data',
          description: evil.join('\n'),
          properties: [
            { name: 'id', logicalType: 'string', primaryKey: true, required: true },
            {
              name: 'x',
              logicalType: 'string',
              quality: [{ metric: 'invalidValues', mustBe: 0, arguments: { validValues: evil } }],
            },
          ],
        },
      ],
    })
    const file = path.join(folder, 'evil.config.ts')
    writeFileSync(file, definitionText(importContract(parseContractText(text, 'x.yaml'), GIVEN).draft))
    expect(compilerErrors(folder, [file])).toEqual([])
    expect((await load(file)).sources.data?.columns[1]?.categories).toEqual(evil)
  })

  test('a contract without a primary key asks for --key', () => {
    const text =
      'apiVersion: v3.1.0\nkind: DataContract\nid: x\nschema: [{name: a, properties: [{name: k}, {name: x, logicalType: integer}]}]'
    const parsed = parseContractText(text, 'x.yaml')
    expect(() => importContract(parsed, GIVEN)).toThrow(expect.objectContaining({ code: 'no_entity_key' }))
    expect(importContract(parsed, { ...GIVEN, key: 'k' }).draft.entity.key).toBe('k')
  })
})

describe('vigie contract', () => {
  test('exports into a file and imports it again', async () => {
    const [yaml, config] = [path.join(folder, 'streamflow.odcs.yaml'), path.join(folder, 'again.config.ts')]
    expect(await vigie(['contract', 'export', '--out', yaml]).ended).toMatchObject({ status: 0, stderr: '' })
    const ended = await vigie(['contract', 'import', yaml, '--out', config, '--json'], { env: { VIGIE_CONFIG: '' } })
      .ended
    expect({ status: ended.status, ...JSON.parse(ended.stdout) }).toMatchObject({
      status: 0,
      key: 'user_id',
      unexpressed: [],
    })
    expect((await load(config)).sources).toEqual(streamflow.sources)
  })
})
