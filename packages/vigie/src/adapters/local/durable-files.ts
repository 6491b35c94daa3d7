import { randomUUID } from 'node:crypto'
import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { VigieError } from '../../errors.ts'

/** Writes a new file, for this user only, and returns when it is on the disk. Throws `disk_full`. */
export function writeNew(file: string, content: Uint8Array | string): Promise<void> {
  return writeNewWith(file, (handle) => handle.writeFile(content))
}

/**
 * The same piece by piece: `write` is called once with the open file. Returns what it returns. With `lasting: false` the
 * file need not outlive a loss of power.
 */
export async function writeNewWith<T>(
  file: string,
  write: (handle: FileHandle) => Promise<T>,
  { lasting = true }: { readonly lasting?: boolean } = {},
): Promise<T> {
  const handle = await open(file, 'wx', 0o600)
  try {
    const result = await write(handle)
    if (lasting) await handle.sync()
    return result
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error
    throw new VigieError('disk_full', `there is no space left for ${file}`, { value: code, file, cause: error })
  } finally {
    await handle.close()
  }
}

/** Writes a file so that its name always means all of its content: the old one, or the new one. */
export async function replaceFile(file: string, content: Uint8Array | string): Promise<void> {
  const pending = pendingBeside(file)
  try {
    await writeNew(pending, content)
    await rename(pending, file)
  } catch (error) {
    await rm(pending, { force: true })
    throw error
  }
  await syncFolder(path.dirname(file))
}

/** A hidden name in the same folder, so that it can be renamed. */
export function pendingBeside(file: string): string {
  return path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}`)
}

/** Makes new names in a folder last. Windows cannot, and does not need to. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Null when there is no such file. */
export async function readIfThere(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
