import { writeFile } from 'node:fs/promises'
import { VigieError } from '../../errors.ts'

/**
 * Writes a new file and returns its path; null when no file is named, and the text is to be printed.
 *
 * @throws `file_exists`: nothing that somebody wrote is overwritten
 */
export async function writeNew(text: string, out: string | boolean | undefined): Promise<string | null> {
  if (typeof out !== 'string') return null
  try {
    await writeFile(out, text, { flag: 'wx' })
    return out
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const exists = code === 'EEXIST'
    throw new VigieError(
      exists ? 'file_exists' : 'wrong_use',
      `${out} ${exists ? 'is there already' : 'cannot be written'}`,
      {
        rule: exists ? 'nothing is overwritten' : 'the file of --out can be made',
        value: exists ? out : String(code),
        cause,
      },
    )
  }
}
