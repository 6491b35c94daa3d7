import { writeFile } from 'node:fs/promises'
import { VigieError } from '../../errors.ts'

/**
 * Writes a new file, piece by piece, and returns its path; null when no file is named, and the text is to be printed.
 * Only its owner can read it: it may hold people's values.
 *
 * @throws `file_exists`: nothing that somebody wrote is overwritten; `wrong_use` when the file cannot be made
 */
export async function writeNew(
  text: string | Iterable<string> | AsyncIterable<string>,
  out: string | boolean | undefined,
): Promise<string | null> {
  if (typeof out !== 'string') return null
  try {
    await writeFile(out, text, { flag: 'wx', mode: 0o600 })
    return out
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const exists = code === 'EEXIST'
    throw new VigieError(
      exists ? 'file_exists' : 'wrong_use',
      `${out} ${exists ? 'is there already' : `cannot be written: ${code}`}`,
      {
        rule: exists ? 'nothing is overwritten' : '--out names a file in a folder that is there and can be written',
        value: out,
        cause,
      },
    )
  }
}
