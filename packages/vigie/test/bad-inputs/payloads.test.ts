import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asOf } from '../../src/domain/as-of.ts'
import { frameCsv } from '../../src/domain/frame-csv.ts'
import type { VigieError } from '../../src/errors.ts'
import { ingest } from '../../src/loop/ingest.ts'
import { storesForTests } from '../loop/stores.ts'
import { COLUMNS, goodFiles, HEADER, lineOf, type Row } from './files.ts'
import { projectOf } from './project.ts'

const ran = 'window.ran=1'
/** Each runs a script where its place in the page is not escaped. */
const PAYLOADS = [
  `<script>${ran}</script>`,
  `</script><script>${ran}</script>`,
  `<img src=x onerror=${ran}>`,
  `"><img src=x onerror=${ran}>`,
  `'><img src=x onerror=${ran}>`,
  `<svg onload=${ran}>`,
  `<svg/onload=${ran}>`,
  `"><svg onload=${ran}>`,
  `<body onload=${ran}>`,
  `<iframe src="javascript:parent.${ran}">`,
  `<iframe srcdoc="<script>parent.${ran}</script>">`,
  `<details open ontoggle=${ran}>`,
  `<input autofocus onfocus=${ran}>`,
  `<video><source onerror=${ran}></video>`,
  `<math><mtext></mtext><script>${ran}</script></math>`,
  `</style><script>${ran}</script>`,
  `</title><script>${ran}</script>`,
  `</textarea><script>${ran}</script>`,
  `--><script>${ran}</script>`,
  `]]><script>${ran}</script>`,
  `<!--><script>${ran}</script>`,
  `" onmouseover=${ran} autofocus onfocus=${ran} x="`,
  `' onfocus=${ran} autofocus '`,
  `javascript:${ran}`,
  `<a href="javascript:${ran}" id=x>x</a>`,
  `<object data="data:text/html,<script>parent.${ran}</script>">`,
  `<embed src="javascript:${ran}">`,
  `<meta http-equiv=refresh content="0;url=javascript:${ran}">`,
  `<base href="javascript:${ran}//">`,
  `&lt;script&gt;${ran}&lt;/script&gt;<img src=x onerror=${ran}>`,
]

const stores = storesForTests({ emptied: 'once' })
const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (file) => file !== undefined && existsSync(file),
)

/** A delivery whose values are the payloads: in a category, in a number, in a date and in keys that nobody lists. */
async function deliver(name: string, change: (payload: string) => Row): Promise<string> {
  const dir = path.join(stores.folder, name)
  await mkdir(dir)
  const good = Object.fromEntries(COLUMNS.map((column, i) => [column, GOOD[i]!])) as Required<Row>
  const lines = PAYLOADS.map((payload, i) => lineOf({ ...good, user_id: `u${i}`, ...change(payload) }))
  const files = { ...goodFiles(), 'usage.csv': `${HEADER}\n${lines.join('\n')}\n` }
  for (const [file, content] of Object.entries(files)) await writeFile(path.join(dir, file), content!)
  return dir
}
const GOOD = ['u', '1', '', '1', 'basic', 'True', '2023-01-01', '2024-01-01T00:00:00Z', '2024-01-01T00:00:00', '']

const DELIVERIES: readonly [string, (payload: string) => Row, string][] = [
  ['a category', (plan) => ({ plan }), 'category_unknown'],
  ['a number', (hours) => ({ hours }), 'not_a_number'],
  ['a date', (joined) => ({ joined }), 'invalid_date'],
  ['a key', (user_id) => ({ user_id }), 'entity_unknown'],
]

// Without a browser: apt-get install chromium, or name one in CHROMIUM.
describe.skipIf(executablePath === undefined)('C94 nothing in the report of a delivery runs, when a payload is', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] })
  })
  afterAll(() => browser.close())

  test.each(DELIVERIES)('%s', async (what, change, code) => {
    const error: VigieError = await ingest(stores.ports, projectOf(), {
      dir: await deliver(what, change),
      asOf: asOf('2024-01-31'),
    }).then(
      () => expect.fail('the delivery was taken'),
      (thrown) => thrown,
    )
    expect(error.code).toBe(code)
    const file = String(error.details.report)
    const html = await readFile(file, 'utf8')
    expect(html).not.toMatch(/<(script|img|svg\/?onload|iframe|object|embed|base|video|body on)/i)
    const page = await browser.newPage()
    const noise: string[] = []
    const address = pathToFileURL(file).href
    page.on('dialog', (dialog) => noise.push(dialog.message()))
    page.on('pageerror', ({ message }) => noise.push(message))
    page.on('request', (request) => request.url() === address || noise.push(request.url()))
    await page.goto(address)
    // What waits for a hand gets one.
    await page.evaluate(`for (const e of document.querySelectorAll('*')) {
      for (const type of ['focus', 'mouseover', 'click', 'toggle']) e.dispatchEvent(new Event(type, { bubbles: true }))
    }`)
    const seen = await page.evaluate(`({ ran: window.ran, text: document.body.textContent })`)
    expect(noise).toEqual([])
    expect(seen).toMatchObject({ ran: undefined })
    // Shown as text, so the page did have the chance.
    if (code === 'category_unknown') expect((seen as { text: string }).text).toContain(PAYLOADS[0])
    await page.close()
  })
})

test('C93 texts that a spreadsheet would run are defused in rows that are exported', () => {
  const texts = [`=cmd|' /C calc'!A0`, '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\0=1', '=HYPERLINK("http://x")', 'u1']
  const spec = [
    { name: 'usage.plan', view: 'usage', feature: 'plan', type: 'category', optional: true, categories: ['=1+1', 'b'] },
    { name: 'usage.hours', view: 'usage', feature: 'hours', type: 'float', optional: true },
  ] as const
  const columns = [new Float64Array(texts.length), Float64Array.from(texts, (_, i) => -i - 0.5)]
  const csv = [
    ...frameCsv(
      { spec, keys: texts, columns, label: null },
      { key: 'user_id', label: { column: 'left', type: 'boolean' } },
    ),
  ].join('')
  // No cell of text begins with what a spreadsheet runs; numbers are none.
  const cells = csv
    .split('\n')
    .slice(1, -1)
    .map((line) => line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/))
  for (const [i, [key, plan, hours]] of cells.entries()) {
    expect(key).toBe(texts[i] === 'u1' ? 'u1' : `"'${texts[i]!.replaceAll('"', '""')}"`)
    expect(plan).toBe(`"'=1+1"`)
    expect(Number(hours)).toBe(-i - 0.5)
  }
  expect(cells).toHaveLength(texts.length)
})
