import { link, mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Tasks } from '../../ports/compute.ts'
import { replaceFile, syncFolder } from './durable-files.ts'

/** See the task of this name. The same bytes again are kept once, with what was wrong with them last. */
export async function quarantine({ folder, copy, delivered, refusal }: Tasks['quarantine']['input']): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const kept = path.join(folder, `${delivered.sha256}.csv`)
  await linkUnlessThere(copy, kept)
  await syncFolder(folder)
  const { code, message, hint, details } = refusal
  const report = { ...details, ...delivered, code, message, hint }
  await replaceFile(path.join(folder, `${delivered.sha256}.json`), `${JSON.stringify(report, null, 2)}\n`)
  return kept
}

async function linkUnlessThere(existing: string, name: string): Promise<void> {
  try {
    await link(existing, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
