import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { localReports } from '../../src/adapters/local/reports.ts'
import { type AsOf, asOf } from '../../src/domain/as-of.ts'
import type { ReportName, Reports } from '../../src/ports/reports.ts'

const january: ReportName = { kind: 'monitor', asOf: asOf('2024-01-31') }
const february: ReportName = { kind: 'monitor', asOf: asOf('2024-02-29') }
const delivered = { kind: 'validation', asOf: asOf('2024-01-31'), delivery: '0123456789ab' } as const
const forms = (text: string) => ({ html: `<p>${text} ü</p>`, json: `{"text":"${text}"}` })

/** What every store of reports must do. */
function reportsContract(get: () => Reports): void {
  test('both forms are read back as they were saved', async () => {
    const saved = await get().save(january, forms('first'))
    expect(await get().read(january, 'html')).toBe(forms('first').html)
    expect(await get().read(january, 'json')).toBe(forms('first').json)
    expect(readFileSync(saved.html, 'utf8')).toBe(forms('first').html)
    expect(readFileSync(saved.json, 'utf8')).toBe(forms('first').json)
    expect(await get().find(january)).toEqual(saved)
    expect(path.isAbsolute(saved.html) && path.isAbsolute(saved.json)).toBe(true)
  })

  test('what was not saved is null', async () => {
    expect(await get().read(january, 'html')).toBeNull()
    expect(await get().find(january)).toBeNull()
    expect(await get().find(delivered)).toBeNull()
    expect(await get().list()).toEqual([])
  })

  test('a report saved again replaces the old one under the same paths', async () => {
    const first = await get().save(january, forms('first'))
    const second = await get().save(january, forms('second'))
    expect(second).toEqual(first)
    expect(await get().read(january, 'html')).toBe(forms('second').html)
    expect(await get().list()).toEqual([january])
  })

  test('dates are listed in order', async () => {
    await get().save(february, forms('b'))
    await get().save(january, forms('a'))
    expect(await get().list()).toEqual([january, february])
  })

  test('of many saved at once one is there whole', async () => {
    const texts = Array.from({ length: 12 }, (_, i) => `version ${i}`)
    await Promise.all(texts.map((text) => get().save(january, forms(text))))
    const { text } = JSON.parse((await get().read(january, 'json'))!)
    expect(await get().read(january, 'html')).toBe(forms(text).html)
    expect(await get().list()).toEqual([january])
  })

  test('deliveries have reports of their own, listed by date before the report of the monitor', async () => {
    const again: ReportName = { ...delivered, delivery: 'ba9876543210' }
    for (const name of [february, again, january, delivered]) await get().save(name, forms(name.kind))
    expect(await get().list()).toEqual([delivered, again, january, february])
    expect(await get().read(delivered, 'html')).toBe(forms('validation').html)
    expect(await get().read(january, 'html')).toBe(forms('monitor').html)
  })

  test('only a date of the calendar, and hex digits, name a report', async () => {
    for (const date of ['../../etc', '2024-02-30', '2024-01-31/..', '']) {
      const name: ReportName = { kind: 'monitor', asOf: date as AsOf }
      await expect(get().read(name, 'json')).rejects.toMatchObject({ code: 'as_of_invalid' })
      await expect(get().save(name, forms('x'))).rejects.toMatchObject({ code: 'as_of_invalid' })
    }
    for (const delivery of ['../../etc', '', '0123456789AB', '0123456789abc', '0123456789ab/..']) {
      const name: ReportName = { ...delivered, delivery }
      await expect(get().read(name, 'json')).rejects.toMatchObject({ code: 'report_unknown' })
      await expect(get().save(name, forms('x'))).rejects.toMatchObject({ code: 'report_unknown' })
    }
  })
}

describe('Reports in a folder', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'vigie-reports-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  reportsContract(() => localReports(folder))

  test('what a crash left half-made is not listed, and nothing of the kind stays behind otherwise', async () => {
    await localReports(folder).save(january, forms('first'))
    await localReports(folder).save(january, forms('second'))
    expect(readdirSync(folder)).toEqual([january.asOf])
    for (const stray of ['.pending-abc123', 'notes']) mkdirSync(path.join(folder, stray))
    expect(await localReports(folder).list()).toEqual([january])
  })
})
