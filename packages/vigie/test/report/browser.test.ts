import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { renderHtml as renderComparison } from '../../src/report/comparison/render.ts'
import { renderHtml } from '../../src/report/render.ts'
import { renderHtml as renderValidation } from '../../src/report/validation/render.ts'
import { comparisonReport } from './comparison-reports.ts'
import { awkwardReport } from './reports.ts'
import { awkwardValidation } from './validation-reports.ts'

const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path !== undefined && existsSync(path),
)
const views = ['light', 'dark'].flatMap((colorScheme) =>
  [1280, 375, 320].flatMap((width) =>
    ['monitor', 'validation', 'comparison', 'numbers'].map((name) => ({
      name,
      colorScheme: colorScheme as 'light' | 'dark',
      width,
    })),
  ),
)

// Without a browser: apt-get install chromium, or name one in CHROMIUM.
describe.skipIf(executablePath === undefined)('a report in a browser', () => {
  let browser: Browser
  let folder: string
  const addressOf = (name: string) => pathToFileURL(join(folder, `${name}.html`)).href

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vigie-report-'))
    await writeFile(join(folder, 'monitor.html'), renderHtml(awkwardReport()))
    await writeFile(join(folder, 'validation.html'), renderValidation(awkwardValidation()))
    await writeFile(join(folder, 'comparison.html'), renderComparison(comparisonReport()))
    const numbers = comparisonReport({ target: { kind: 'number' } })
    await writeFile(join(folder, 'numbers.html'), renderComparison(numbers))
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] })
  })

  afterAll(async () => {
    await browser.close()
    await rm(folder, { recursive: true })
  })

  test.each(views)(
    '$name, $colorScheme at $width px: no error, no request, no sideways scroll, nothing from data runs',
    async (view) => {
      const page = await browser.newPage({
        colorScheme: view.colorScheme,
        viewport: { width: view.width, height: 900 },
      })
      const address = addressOf(view.name)
      const noise: string[] = []
      page.on('console', (message) => noise.push(message.text()))
      page.on('pageerror', (error) => noise.push(error.message))
      page.on('request', (request) => request.url() === address || noise.push(request.url()))
      await page.goto(address)
      const seen = await page.evaluate(`({
      broken: window.broken,
      sideways: document.documentElement.scrollWidth - innerWidth,
      headings: document.querySelectorAll('h1').length,
      background: getComputedStyle(document.documentElement).backgroundColor,
    })`)
      expect(noise).toEqual([])
      expect(seen).toEqual({
        broken: undefined,
        sideways: 0,
        headings: 1,
        background: view.colorScheme === 'light' ? 'rgb(243, 246, 246)' : 'rgb(12, 21, 26)',
      })
      await page.close()
    },
  )

  test('prints with the method opened', async () => {
    const page = await browser.newPage()
    await page.goto(addressOf('monitor'))
    await page.emulateMedia({ media: 'print' })
    expect(await page.getByText('Nulls are dropped before a test').isVisible()).toBe(true)
    await page.close()
  })
})
