// Makes docs/report.png, the picture in the README, from a report of a simulated run:
//   npm start -- --once && node scripts/run.mjs scripts/picture.mjs .vigie/simulated/reports/2024-05-31/report.html
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'

const [report = ''] = process.argv.slice(2)
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-background-networking'] })
const page = await browser.newPage({ viewport: { width: 1100, height: 900 }, colorScheme: 'light' })
await page.goto(pathToFileURL(path.resolve(report)).href)
await page.screenshot({ path: path.join(import.meta.dirname, '../docs/report.png') })
await browser.close()
