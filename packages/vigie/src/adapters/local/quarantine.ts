import { link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { type DeliveredFormat, FORMATS, readFileName } from '../../domain/delivery/formats.ts'
import type { Tasks } from '../../ports/compute.ts'
import { replaceFile, syncFolder } from './durable-files.ts'

/** Most refused files that are kept, and most bytes of them: the oldest go first. */
const MOST_FILES = 200
const MOST_BYTES = 20e9

/** See the task of this name. The same bytes again are kept once, with what was wrong with them last. */
export async function quarantine({
  folder,
  copy,
  delivered,
  refusal,
  rows,
}: Tasks['quarantine']['input']): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const { source, format } = readFileName(path.basename(delivered.file)) ?? { source: '', format: 'csv' as const }
  const kept = path.join(folder, `${delivered.sha256}.${format}`)
  await linkUnlessThere(copy, kept)
  await sync(kept)
  if (rows !== undefined) await rename(rows, path.join(folder, `${delivered.sha256}.rows.csv`))
  await syncFolder(folder)
  const { code, message, hint, details } = refusal
  const report = { ...details, ...delivered, source, format, code, message, hint }
  await replaceFile(path.join(folder, `${delivered.sha256}.json`), `${JSON.stringify(report, null, 2)}\n`)
  await dropOldest(folder, delivered.sha256)
  return kept
}

/**
 * Refused files are drafts that their suppliers send again, so the oldest may go. Files of which rows were left out stay:
 * they are the only place where those rows are.
 */
async function dropOldest(folder: string, newest: string): Promise<void> {
  const names = await readdir(folder)
  const rows = new Set(names.filter((name) => name.endsWith('.rows.csv')).map((name) => name.split('.')[0]!))
  const originals = names.flatMap((name) => {
    const [sha256 = ''] = name.split('.')
    const isOriginal = FORMATS.some((format: DeliveredFormat) => name === `${sha256}.${format}`)
    return isOriginal && sha256 !== '' && sha256 !== newest && !rows.has(sha256) ? [{ sha256, name }] : []
  })
  if (originals.length === 0) return
  const aged = await Promise.all(
    originals.map(async (each) => {
      // Another process may drop it meanwhile.
      const report = await stat(path.join(folder, `${each.sha256}.json`)).catch(() => null)
      const file = await stat(path.join(folder, each.name)).catch(() => null)
      return { ...each, refusedAt: report?.mtimeMs ?? 0, bytes: file?.size ?? 0 }
    }),
  )
  aged.sort((a, b) => b.refusedAt - a.refusedAt)
  let [files, bytes] = [1, 0]
  for (const { sha256, name, bytes: size } of aged) {
    files++
    bytes += size
    if (files <= MOST_FILES && bytes <= MOST_BYTES) continue
    await rm(path.join(folder, name), { force: true })
    await rm(path.join(folder, `${sha256}.json`), { force: true })
  }
}

async function linkUnlessThere(existing: string, name: string): Promise<void> {
  try {
    await link(existing, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

async function sync(file: string): Promise<void> {
  const handle = await open(file)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
