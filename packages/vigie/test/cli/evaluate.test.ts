import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadDuckDb } from '../../src/adapters/duckdb/database.ts'
import { vigie } from '../program.ts'
import { metricVectors } from '../vectors.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'vigie-evaluate-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const vector = metricVectors.vectors.find(({ name }) => name === 'heavy_ties_300')!
const lines = vector.y.map((y, i) =>
  [y, vector.score[i], vector.score_b[i], vector.weight[i], `u${i >> 1}`, i % 3].join(),
)
const text = `y,new,old,w,user,plan\n${lines.join('\n')}\n`

beforeAll(async () => {
  writeFileSync(path.join(folder, 'scored.csv'), text)
  writeFileSync(path.join(folder, 'scored.csv.gz'), gzipSync(text))
  const { DuckDBInstance } = await loadDuckDb()
  const database = await DuckDBInstance.create(':memory:')
  const connection = await database.connect()
  await connection.run(
    `copy (select * from read_csv('${folder}/scored.csv')) to '${folder}/scored.parquet' (format parquet)`,
  )
  connection.closeSync()
  database.closeSync()
})

const run = (...args: readonly string[]) => vigie(['evaluate', ...args], { cwd: folder }).ended
const json = async (...args: readonly string[]) => {
  const { status, stdout, stderr } = await run(...args, '--json')
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.anything() })
  return JSON.parse(stdout)
}

describe('vigie evaluate', { timeout: 120_000 }, () => {
  test('gives the metrics of scikit-learn for CSV, gzip and Parquet alike', async () => {
    const args = ['--label', 'y', '--score', 'new', '--threshold', '0.5'] as const
    const [csv, gzip, parquet] = await Promise.all(
      ['scored.csv', 'scored.csv.gz', 'scored.parquet'].map((file) => json(file, ...args)),
    )
    expect(csv).toMatchObject({ rows: 300, positives: vector.y.reduce((sum, label) => sum + label, 0), task: 'binary' })
    const { metrics } = csv
    expect(metrics.auc.value).toBeCloseTo(vector.metrics.roc_auc!, 12)
    expect(metrics.averagePrecision.value).toBeCloseTo(vector.metrics.average_precision!, 12)
    expect(metrics.f1.value).toBeCloseTo(vector.metrics['f1_gt_0.5']!, 12)
    expect(metrics.brier.value).toBeCloseTo(vector.metrics.brier!, 12)
    expect(metrics.ece.value).toBeCloseTo(vector.metrics.ece_10_equal_width!, 12)
    expect(metrics.ks.value).toBeCloseTo(vector.metrics.ks_max_tpr_minus_fpr!, 12)
    expect({ ...gzip, file: '' }).toEqual({ ...csv, file: '' })
    expect({ ...parquet, file: '' }).toEqual({ ...csv, file: '' })
  })

  test('compares two models by entity and slice, with weights, and writes a page', async () => {
    const page = path.join(folder, 'evaluation.html')
    const args = ['--label', 'y', '--score', 'new', '--against', 'old', '--weight', 'w', '--entity', 'user']
    const found = await json('scored.csv', ...args, '--slices', 'plan', '--html', page)
    expect(found.entities).toBe(150)
    expect(found.metrics.auc.value).toBeCloseTo(vector.metrics_weighted.roc_auc!, 12)
    expect(found.metrics.averagePrecision.value).toBeCloseTo(vector.metrics_weighted.average_precision!, 12)
    expect(found.paired.auc.gain).toBeCloseTo(found.metrics.auc.value - found.against.metrics.auc.value, 12)
    expect(found.paired.auc.method).toMatch(/bootstrap/)
    expect(found.slices.map(({ value, rows }: { value: string; rows: number }) => [value, rows])).toEqual([
      ['0', 100],
      ['1', 100],
      ['2', 100],
    ])
    const html = await readFile(page, 'utf8')
    expect(html).toContain('<h1>')
    expect(html).not.toContain('<script')
    expect(html).not.toMatch(/NaN|undefined|Infinity/)
  })

  test('reads several classes and numbers', async () => {
    const animals = [
      'kind,p_cat,p_dog,p_bird',
      ...Array.from({ length: 90 }, (_, i) => ['cat,0.6,0.3,0.1', 'dog,0.3,0.5,0.2', 'bird,0.2,0.2,0.6'][i % 3]!),
    ]
    writeFileSync(path.join(folder, 'animals.csv'), `${animals.join('\n')}\ncat,0.1,0.8,0.1\n`)
    const classes = await json('animals.csv', '--label', 'kind', '--score', 'p_cat,p_dog,p_bird')
    expect(classes).toMatchObject({ task: 'classes', classes: ['cat', 'dog', 'bird'], positives: null })
    expect(classes.metrics.accuracy.value).toBeCloseTo(90 / 91, 12)
    const rents = Array.from({ length: 50 }, (_, i) => `${i},${i + (i % 2 === 0 ? 1 : -1)}`)
    writeFileSync(path.join(folder, 'rents.csv'), `rent,predicted\n${rents.join('\n')}\n`)
    const numbers = await json('rents.csv', '--label', 'rent', '--score', 'predicted')
    expect(numbers.task).toBe('number')
    expect(numbers.metrics).toMatchObject({ rmse: { value: 1 }, mae: { value: 1 } })
  })

  test('says what was taken, in 80 columns, and which model is better', async () => {
    const { status, stdout } = await run('scored.csv', '--label', 'y', '--score', 'new', '--against', 'old')
    expect(status).toBe(0)
    expect(stdout).toMatch(/labels of "y": two classes, class 1 is "1"/)
    expect(stdout).toMatch(/every row stands for itself/)
    expect(stdout).toMatch(/AUC {2,}0\.\d{3} \[0\.\d{3}, 0\.\d{3}\]/)
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  test.each([
    ['a label that is missing', 'y,p\n1,0.5\n,0.2\n', 3, /null_not_allowed.*line 3/s],
    ['a score that is NaN', 'y,p\n1,0.5\n0,nan\n', 3, /not_finite.*line 3/s],
    ['one class', 'y,p\n1,0.5\n1,0.2\n', 3, /metric_undefined.*all 2 rows are of the class "1"/s],
    ['an empty file', '', 3, /empty_file/],
    ['labels that cannot be told', 'y,p\nyes,0.5\nno,0.2\n', 2, /label_unclear.*--positive/s],
  ])('%s is refused clearly', async (_, content, expected, said) => {
    const file = `bad-${expected}-${content.length}.csv`
    writeFileSync(path.join(folder, file), content)
    const { status, stderr } = await run(file, '--label', 'y', '--score', 'p')
    expect(status).toBe(expected)
    expect(stderr).toMatch(said)
  })

  test('a missing option is wrong use', async () => {
    const { status, stderr } = await run('scored.csv', '--score', 'new')
    expect(status).toBe(2)
    expect(stderr).toMatch(/--label/)
  })
})
