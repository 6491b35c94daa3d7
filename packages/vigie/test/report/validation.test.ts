import { expect, test } from 'vitest'
import { renderHtml, renderJson } from '../../src/report/validation/render.ts'
import { awkwardValidation, file, numbers, rule, validation } from './validation-reports.ts'

const held = validation({
  verdict: 'held',
  snapshot: null,
  refusal: {
    code: 'volume_gate',
    message: 'usage.csv: 200 rows, 60 % fewer',
    hint: 'take it with --approve volume_gate',
  },
  files: [
    file({ verdict: 'held', broken: [rule({ code: 'volume_gate', severity: 'hold', column: null, examples: [] })] }),
  ],
})

test.each([
  ['accepted', validation(), ['The delivery was taken', 'Snapshot', '498 accepted + 2 = 500', '12\u00a0KB']],
  ['held', held, ['kept back until somebody approves it', 'take it with --approve volume_gate', 'Holds']],
  [
    'taken without some rows',
    validation({ files: [file({ leftOut: [rule({})] })] }),
    ['2 rows with broken values were left out', 'Rows left out', 'hours is at least 0'],
  ],
  [
    'approved',
    validation({ approvals: { codes: ['volume_gate'], actor: 'cli:ada' }, files: held.files }),
    ['taken by approval', 'cli:ada: volume_gate', 'Approved'],
  ],
])('the page of a delivery that is %s says so', (_what, report, texts) => {
  const page = renderHtml(report)
  for (const text of texts) expect(page).toContain(text)
})

test('each broken rule stands with its rows, their lines and a picture of the column', () => {
  const examples = Array.from({ length: 20 }, (_, i) => ({ line: 1000 + i, value: `-${i}` }))
  const page = renderHtml(
    validation({
      verdict: 'refused',
      files: [
        file({
          verdict: 'refused',
          broken: [rule({ rows: 1234, examples })],
          columns: [numbers('hours', (i) => i % 40)],
          columnsBefore: [numbers('hours', (i) => i % 37)],
        }),
      ],
    }),
  )
  expect(page).toContain('hours is at least 0')
  expect(page).toContain('<td class="num">1,019</td>')
  expect(page).toContain('and 1,214 rows more')
  expect(page).toMatch(/<svg[^>]*aria-label="hours: median [\d.]+; before: median [\d.]+"/)
  expect(page.match(/<rect class="r"/g)!.length).toBeGreaterThan(20)
})

test('JSON says the same and is read back as it was', () => {
  for (const report of [held, awkwardValidation()]) expect(JSON.parse(renderJson(report))).toEqual(report)
})

test('texts from a delivery are texts', () => {
  const page = renderHtml(awkwardValidation())
  expect(page).not.toMatch(/<script|<img|onload="|onerror="/)
  expect(page).toContain('&lt;script&gt;')
})

test('a number that is not finite is refused rather than lost', () => {
  const [column] = file().columns
  const files = [file({ columns: [{ ...column!, nulls: Number.NaN }] })]
  expect(() => renderJson(validation({ files }))).toThrow('"nulls" is NaN')
})
