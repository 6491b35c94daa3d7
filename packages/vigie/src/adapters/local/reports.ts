import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { asOf } from '../../domain/as-of.ts'
import { VigieError } from '../../errors.ts'
import { namedReport, reportText } from '../../ports/report-name.ts'
import type { ReportKind, ReportName, Reports } from '../../ports/reports.ts'
import { readIfThere, syncFolder, writeNew } from './durable-files.ts'

/** In the order of the loop. */
const KINDS: readonly ReportKind[] = ['validation', 'monitor', 'card', 'comparison']

/**
 * Reports as `report.html` and `report.json`: the monitor's in `<folder>/<date>`, others in a folder of their kind, as
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
      const names = await Promise.all(KINDS.map((kind) => namesIn(folder, kind)))
      return names.flat().sort((a, b) => (a.asOf < b.asOf ? -1 : Number(a.asOf > b.asOf)))
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

/** Names reach this place from URLs too: only what is a name becomes part of a path. */
function placeOf(name: ReportName): string {
  asOf(name.asOf)
  const text = reportText(name)
  if (namedReport(name.kind, text) !== null) return path.join(folderOfKind(name.kind), text)
  throw new VigieError('report_unknown', `"${text.slice(0, 60)}" names no report`, {
    rule: 'a report is named by its date, and by delivery or versions',
    value: text.slice(0, 60),
  })
}

const folderOfKind = (kind: ReportKind): string => (kind === 'monitor' ? '.' : kind)

async function namesIn(folder: string, kind: ReportKind): Promise<readonly ReportName[]> {
  const found = await foldersIn(path.join(folder, folderOfKind(kind)))
  return found.filter((name) => /^\d/.test(name)).flatMap((name) => namedReport(kind, name) ?? [])
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
