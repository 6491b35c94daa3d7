import { access, rm } from 'node:fs/promises'
import { writeNewWith } from '../../adapters/local/durable-files.ts'
import { VigieError } from '../../errors.ts'

/**
 * Writes a new file, piece by piece, and returns its path; null when no file is named, and the text is to be printed.
 * Only its owner can read it: it may hold people's values. When a piece cannot be had or written there is no file.
 *
 * @throws `file_exists`: nothing that somebody wrote is overwritten; `wrong_use` when the file cannot be made; `disk_full`;
 *   whatever the pieces throw
 */
export async function writeNew(
  content: string | Uint8Array | Iterable<string> | AsyncIterable<string>,
  out: string | boolean | undefined,
): Promise<string | null> {
  if (typeof out !== 'string') return null
  let made = false
  try {
    await writeNewWith(out, (handle) => {
      made = true
      return handle.writeFile(content)
    })
    return out
  } catch (cause) {
    if (made) {
      await rm(out, { force: true })
      throw cause
    }
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'EEXIST') throw isThere(out, cause)
    throw new VigieError('wrong_use', `${out} cannot be written: ${code}`, {
      rule: 'the named file is in a folder that is there and can be written',
      value: out,
      cause,
    })
  }
}

/** Throws `file_exists` before work begins that would end in it. */
export async function requireNew(out: string | boolean | undefined): Promise<void> {
  if (typeof out !== 'string') return
  const there = await access(out).then(
    () => true,
    () => false, // it may be made, or that fails with its own reason
  )
  if (there) throw isThere(out)
}

function isThere(out: string, cause?: unknown): VigieError {
  return new VigieError('file_exists', `${out} is there already`, { rule: 'nothing is overwritten', value: out, cause })
}
