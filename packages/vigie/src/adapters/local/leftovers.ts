import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import type { StateFolder } from './state-folder.ts'

/**
 * Removes what killed processes left unfinished: deliveries on their way in, and files and folders that never got
 * their names, which are hidden. Only while nobody else works in the folder.
 */
export async function removeLeftovers({ staging, tables, profiles, models, reports }: StateFolder): Promise<void> {
  const quarantine = path.join(staging, 'quarantine')
  const isPending = (name: string) => name.startsWith('.')
  await removeFrom(staging, (name) => name !== path.basename(quarantine))
  for (const folder of [quarantine, tables, profiles, models, reports]) await removeFrom(folder, isPending)
}

async function removeFrom(folder: string, isLeftover: (name: string) => boolean): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (isLeftover(name)) await rm(path.join(folder, name), { recursive: true, force: true })
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
