import { createHash, randomBytes } from 'node:crypto'
import { link, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { VigieError } from '../../errors.ts'
import type { Ports } from '../../ports/ports.ts'
import { pendingBeside, readIfThere, syncFolder, writeNew } from './durable-files.ts'

const BYTES = 32

/**
 * The secret under which training rows are fingerprinted, kept in a file of mode 0600 and made the first time. Of two
 * processes that make it at once both get the same. Its id, which may be shown, is the first 8 hex digits of its sha256.
 *
 * @throws `state_corrupt` when the file holds anything but 32 bytes: fingerprints under another key prove nothing
 */
export async function fingerprintKey(file: string): Promise<Ports['fingerprintKey']> {
  const secret = (await readIfThere(file)) ?? (await make(file))
  if (secret.byteLength !== BYTES) {
    throw new VigieError('state_corrupt', `the fingerprint key ${file} is damaged`, {
      rule: `the key is ${BYTES} bytes`,
      value: `${secret.byteLength} bytes`,
      file,
      hint: 'Restore the file from a backup. Under another key no model can be shown not to have seen the held-out rows.',
    })
  }
  return { id: createHash('sha256').update(secret).digest('hex').slice(0, 8), secret }
}

/** A link is made whole and only if the name is free, so the first process decides. */
async function make(file: string): Promise<Uint8Array> {
  const pending = pendingBeside(file)
  await writeNew(pending, randomBytes(BYTES))
  try {
    await link(pending, file)
    await syncFolder(path.dirname(file))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(pending)
  }
  return readFile(file)
}
