import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { asOf } from '../../domain/as-of.ts'
import { VigieError } from '../../errors.ts'
import type { ReportName, Reports } from '../../ports/reports.ts'
import { readIfThere, syncFolder, writeNew } from './durable-files.ts'

/**
 * Reports as `report.html` and `report.json`: the monitor's in `<folder>/<date>`, those of deliveries in
 * `<folder>/validation/<date>-<delivery>`. The folder must be there.
 */
export function localReports(folder: string): Reports {
  const folderOf = (name: ReportName) => path.resolve(folder, placeOf(name))
  return {
    async save(name, forms) {
      const target = folderOf(name)
      await mkdir(path.dirname(target), { recursive: true, mode: 0o700 })
      const pending = await mkdtemp(path.join(folder, '.pending-'))
      try {
        await writeNew(path.join(pending, 'report.html'), forms.html)
        await writeNew(path.join(pending, 'report.json'), forms.json)
        await replaceFolder(pending, target)
      } catch (error) {
        await rm(pending, { recursive: true, force: true })
        throw error
      }
      await syncFolder(path.dirname(target))
      return formsIn(target)
    },
    async find(name) {
      const target = folderOf(name)
      return (await foldersIn(path.dirname(target))).includes(path.basename(target)) ? formsIn(target) : null
    },
    async list() {
      const [monitored, validated] = await Promise.all([foldersIn(folder), foldersIn(path.join(folder, VALIDATION))])
      return [...validated.flatMap(validationName), ...monitored.flatMap(monitorName)].sort((a, b) =>
        a.asOf < b.asOf ? -1 : Number(a.asOf > b.asOf),
      )
    },
    async read(name, form) {
      const bytes = await readIfThere(path.join(folderOf(name), `report.${form}`))
      return bytes === null ? null : bytes.toString()
    },
  }
}

function formsIn(target: string): { readonly html: string; readonly json: string } {
  return { html: path.join(target, 'report.html'), json: path.join(target, 'report.json') }
}

const VALIDATION = 'validation'
const DELIVERY = /^[0-9a-f]{12}$/

/** Names reach this place from URLs too: only a date of the calendar and hex digits become part of a path. */
function placeOf(name: ReportName): string {
  const date = asOf(name.asOf)
  if (name.kind === 'monitor') return date
  if (DELIVERY.test(name.delivery)) return path.join(VALIDATION, `${date}-${name.delivery}`)
  throw new VigieError('report_unknown', `"${name.delivery.slice(0, 40)}" names no delivery`, {
    rule: 'a delivery has a name of 12 hex digits',
    value: name.delivery.slice(0, 40),
  })
}

function monitorName(folder: string): readonly ReportName[] {
  return /^\d{4}-\d{2}-\d{2}$/.test(folder) ? [{ kind: 'monitor', asOf: asOf(folder) }] : []
}

function validationName(folder: string): readonly ReportName[] {
  const [, date, delivery] = /^(\d{4}-\d{2}-\d{2})-([0-9a-f]{12})$/.exec(folder) ?? []
  return date && delivery ? [{ kind: 'validation', asOf: asOf(date), delivery }] : []
}

/** In order of name. */
async function foldersIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
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
