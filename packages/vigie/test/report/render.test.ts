import { describe, expect, test } from 'vitest'
import { renderHtml, renderJson } from '../../src/report/render.ts'
import { streamflowMonths } from '../reference/streamflow-months.ts'
import { awkwardReport, HOSTILE_NAMES, periods, reportOf } from './reports.ts'

describe('the JSON form', () => {
  test('reads back as the report', () => {
    const report = awkwardReport()
    expect(JSON.parse(renderJson(report))).toEqual(report)
  })

  test('refuses a number that JSON does not have', () => {
    const report = reportOf(periods(10, [{ name: 'a', cell: (row) => row }]))
    const broken = { ...report, drift: { ...report.drift, share: Number.NaN } }
    expect(() => renderJson(broken)).toThrow('"share" is NaN')
  })
})

describe('the page', () => {
  test('the same report gives the same page', () => {
    expect(renderHtml(awkwardReport())).toBe(renderHtml(awkwardReport()))
  })

  test('holds no script, no inline style, no link that leads away, and no name as markup', () => {
    const page = renderHtml(awkwardReport())
    expect(page).not.toMatch(/<script|<img|<link|<iframe| style=| on\w+="|href="(?!#)|src=(?!x)|url\(|@import/)
    expect(page.match(/<\/style>/g)).toHaveLength(1)
    for (const name of HOSTILE_NAMES.filter((text) => text.includes('<'))) expect(page).not.toContain(name)
  })

  test('lists first what could not be judged, and gives it no number', () => {
    const page = renderHtml(awkwardReport())
    const at = (text: string) => page.indexOf(text)
    expect(at('<bdi class="name">empty_<wbr>now</bdi> cannot be judged')).toBeGreaterThan(0)
    expect(at('cannot be judged')).toBeLessThan(at('Train a challenger and compare'))
    expect(page).toContain('2 with no reading')
  })

  test('a model that fails is never nothing to do, even when no rule asks for training', () => {
    const performance = { version: 1, rows: 900, was: 0.8, now: { value: 0.7, low: 0.67, high: 0.73 } }
    const page = renderHtml(
      reportOf(periods(2000, [{ name: 'a', cell: (row) => row }]), { performance: { ...performance, metric: 'auc' } }),
    )
    expect(page).toContain('Decide what to do about the model.')
    expect(page).not.toContain('Nothing.')
  })

  test('without a champion there is no metric, and without drift nothing to do', () => {
    const page = renderHtml(reportOf(periods(2000, [{ name: 'a', cell: (row) => row }])))
    expect(page).toContain('there is no champion yet')
    expect(page).toContain('Nothing. No rule fired.')
  })
})

const months = streamflowMonths()

test.skipIf(!months)('the real months fit into 150 kB and say what matters', () => {
  const page = renderHtml(
    reportOf(months!, {
      performance: {
        metric: 'auc',
        version: 1,
        rows: 1782,
        was: 0.8134,
        now: { value: 0.4881, low: 0.4549, high: 0.5222 },
      },
    }),
  )
  expect(page.length).toBeLessThan(150_000)
  expect(page).toContain('share 0.0714; with label and key counted 0.0625')
  expect(page).toContain('[0.455, 0.522], 1,782 rows')
  expect(page).toContain('was 26.5\u00a0%, \u22122.39 points')
})
