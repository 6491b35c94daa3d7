import { createHash } from 'node:crypto'
import { hasCode, type VigieError } from '../../../errors.ts'
import { type DeliveredFile, reading } from '../delivered-file.ts'
import { writeNewWith } from '../durable-files.ts'

/** Bytes read at a time. Larger than any field, and small enough to stay in the processor's cache. */
const CHUNK = 1 << 18

/** Gets the bytes of a file in order. What it throws with a code is what is wrong with the file. */
export interface Reader {
  push(chunk: Uint8Array): Promise<void> | void
  end(): Promise<void> | void
}

export interface Copied {
  readonly sha256: string
  readonly bytes: number
  readonly refusal: VigieError | null
}

/**
 * Copies a delivered file while hashing it and handing its bytes to `reader`. The whole file is copied, also when its
 * first bytes are refused: the supplier is shown what was delivered.
 */
export function copyDelivered(delivered: DeliveredFile, file: string, copy: string, reader: Reader): Promise<Copied> {
  return writeNewWith(
    copy,
    async (target) => {
      const hash = createHash('sha256')
      let [chunk, other] = [new Uint8Array(CHUNK), new Uint8Array(CHUNK)]
      let bytes = 0
      let refusal: VigieError | null = null
      let written: Promise<void> | null = null
      try {
        // A file that grows as fast as it is read would have no end.
        while (bytes <= delivered.size) {
          const { bytesRead } = await reading(file, () => delivered.handle.read(chunk, 0, CHUNK, null))
          if (bytesRead === 0) break
          const read = chunk.subarray(0, bytesRead)
          bytes += bytesRead
          await written
          written = target.writeFile(read)
          hash.update(read)
          refusal ??= await refusalOf(() => reader.push(read))
          // What is being written stays as it is while the next piece is read.
          ;[chunk, other] = [other, chunk]
        }
      } finally {
        await written
      }
      refusal ??= await refusalOf(() => reader.end())
      return { sha256: hash.digest('hex'), bytes, refusal }
    },
    { lasting: false },
  )
}

/** What is wrong with the file, or null. Any other failure, as of a full disk, goes up. */
export async function refusalOf(work: () => Promise<unknown> | unknown): Promise<VigieError | null> {
  try {
    await work()
    return null
  } catch (error) {
    if (hasCode(error) && error.kind !== 'temporary' && error.kind !== 'internal') return error
    throw error
  }
}
