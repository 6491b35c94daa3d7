import { mkdir, rename } from 'node:fs/promises'
import path from 'node:path'
import type { VigieError } from '../../errors.ts'
import { replaceFile, syncFolder } from './durable-files.ts'

/**
 * Keeps a refused file for whoever has to explain it to its supplier: the bytes as they came, `<folder>/<sha256>.csv`,
 * and what was wrong as `<sha256>.json` beside them. Moves `copy`. Returns the path of the bytes.
 */
export async function quarantine(
  folder: string,
  copy: string,
  delivered: { readonly file: string; readonly sha256: string; readonly bytes: number },
  { code, message, hint, details }: VigieError,
): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const kept = path.join(folder, `${delivered.sha256}.csv`)
  await rename(copy, kept)
  await syncFolder(folder)
  const report = { ...delivered, code, message, hint, ...details, file: delivered.file }
  await replaceFile(path.join(folder, `${delivered.sha256}.json`), `${JSON.stringify(report, null, 2)}\n`)
  return kept
}
