import { describe, expect, test } from 'vitest'
import { renderHtml, renderJson } from '../../src/report/comparison/render.ts'
import { comparisonReport } from './comparison-reports.ts'
import { HOSTILE_NAMES } from './reports.ts'

const CLASSES = { kind: 'classes', classes: ['low', 'middle', HOSTILE_NAMES[0]!] } as const

describe('the page of a comparison', () => {
  test('begins with the verdict, then what was asked, and ends with how it was made', () => {
    const page = renderHtml(comparisonReport())
    const places = [
      'class="verdict"',
      'Gain in AUC',
      'What was asked',
      'In numbers',
      '>ROC:',
      'Parts of the rows',
      'Method',
    ]
    const found = places.map((text) => page.indexOf(text))
    expect(found).toEqual(found.toSorted((a, b) => a - b))
    expect(found[0]).toBeGreaterThan(0)
  })

  test('says the same numbers as its JSON', () => {
    const report = comparisonReport()
    const json = JSON.parse(renderJson(report))
    expect(json).toEqual(JSON.parse(JSON.stringify(report)))
    const auc = json.details.metrics.find(({ metric }: { metric: string }) => metric === 'auc')
    const page = renderHtml(report)
    for (const value of [auc.challenger.value, auc.champion.value, auc.gain.value]) {
      expect(page).toContain(value.toFixed(3))
    }
  })

  test('a slice that is harmed is named, and the champion stays', () => {
    const page = renderHtml(comparisonReport())
    expect(page).toContain('Stay with version 1: something gets worse with version 2.')
    expect(page).toMatch(/Worse<\/span>/)
  })

  test('each target has pictures of its own, and no other', () => {
    const binary = renderHtml(comparisonReport())
    const classes = renderHtml(comparisonReport({ target: CLASSES }))
    const number = renderHtml(comparisonReport({ target: { kind: 'number' } }))
    expect(binary).toContain('Calibration: ten groups')
    expect(classes).toContain('Class by class')
    expect(number).toContain('Residuals, actual minus predicted')
    for (const page of [classes, number]) expect(page).not.toContain('>ROC:')
  })

  test('a first model stands alone', () => {
    const page = renderHtml(comparisonReport({ first: true }))
    expect(page).toContain('A first model: version 2 does better than chance.')
    expect(page).not.toMatch(/nobody|Difference/)
  })

  test('what could not be scored has no number, and says what would change it', () => {
    const report = comparisonReport()
    const evidence = { ...report.evidence, look: null, gain: null, slices: null, metrics: null }
    const page = renderHtml(
      comparisonReport({
        evidence,
        details: null,
        outcome: 'hold',
        reasons: [
          { kind: 'hold', code: 'too_few_positives', value: 3, bound: 30, text: '3 positives, 30 needed', fix: 'Wait' },
        ],
      }),
    )
    expect(page).toContain('Which of the two is better cannot be said yet.')
    expect(page).toContain('What would change it: Wait.')
    expect(page.match(/No reading/g)!.length).toBeGreaterThan(2)
    expect(page).not.toContain('In numbers')
  })

  test('against any version nobody is promoted, and it is said that it counts as a look', () => {
    const page = renderHtml(comparisonReport({ againstChampion: false, decision: null }))
    expect(page).toContain('nobody is promoted by this')
    expect(page).toContain('This one counts too')
    expect(page).toContain('vigie compare 2 1 --as-of 2024-02-29')
  })

  test('holds no script, no inline style, no link that leads away, and no name as markup', () => {
    for (const report of [comparisonReport(), comparisonReport({ target: CLASSES })]) {
      const page = renderHtml(report)
      expect(page).not.toMatch(/<script|<img|<link|<iframe| style=| on\w+="|href="(?!#)|src=(?!x)|url\(|@import/)
      for (const name of HOSTILE_NAMES.filter((text) => text.includes('<'))) expect(page).not.toContain(name)
      expect(page).not.toMatch(/NaN|undefined|Infinity/)
      expect(page.length).toBeLessThan(90_000)
    }
  })
})
