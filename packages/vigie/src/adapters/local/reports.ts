import { mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { type AsOf, asOf } from '../../domain/as-of.ts'
import type { Reports } from '../../ports/reports.ts'
import { readIfThere, syncFolder, writeNew } from './durable-files.ts'

/** Reports as `<folder>/<date>/report.html` and `report.json`. The folder must be there. */
export function localReports(folder: string): Reports {
  // Dates reach this place from URLs too: only a date of the calendar becomes part of a path.
  const folderOf = (date: AsOf) => path.resolve(folder, asOf(date))
  return {
    async save(date, forms) {
      const target = folderOf(date)
      const pending = await mkdtemp(path.join(folder, '.pending-'))
      try {
        await writeNew(path.join(pending, 'report.html'), forms.html)
        await writeNew(path.join(pending, 'report.json'), forms.json)
        await replaceFolder(pending, target)
      } catch (error) {
        await rm(pending, { recursive: true, force: true })
        throw error
      }
      await syncFolder(folder)
      return { html: path.join(target, 'report.html'), json: path.join(target, 'report.json') }
    },
    async list() {
      const entries = await readdir(folder, { withFileTypes: true })
      const dates = entries.filter((e) => e.isDirectory() && /^\d{4}-\d{2}-\d{2}$/.test(e.name))
      return dates.map((e) => asOf(e.name)).sort()
    },
    async read(date, form) {
      const bytes = await readIfThere(path.join(folderOf(date), `report.${form}`))
      return bytes === null ? null : bytes.toString()
    },
  }
}

/**
 * Gives `pending` the name `target`. A folder cannot be renamed onto a full one, so an old one steps aside first: a
 * reader, and a crash at any moment, finds the old report whole, the new one whole, or none.
 */
async function replaceFolder(pending: string, target: string): Promise<void> {
  const aside = `${pending}-old`
  for (;;) {
    if (await renamed(pending, target, ['ENOTEMPTY', 'EEXIST', 'EPERM'])) break
    await renamed(target, aside, ['ENOENT']) // not there: somebody else, who saves the same date, moved it
    await rm(aside, { recursive: true, force: true })
  }
}

/** False when it failed for one of the expected reasons. */
async function renamed(from: string, to: string, expected: readonly string[]): Promise<boolean> {
  try {
    await rename(from, to)
    return true
  } catch (error) {
    if (expected.includes((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  }
}
