import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { writeNewWith } from '../durable-files.ts'

const BLOCK = 1 << 18
const QUOTE = 34
const LF = 10

/**
 * Splits a CSV in two: `kept` without the bytes in `ranges` (pairs of start and end, ascending, whole rows), and `rows`
 * with the header and just those. Returns the sha256 of `rows`.
 */
export async function cutRows(
  text: string,
  ranges: Float64Array,
  { kept, rows }: { readonly kept: string; readonly rows: string },
): Promise<string> {
  const source = await open(text)
  try {
    const { size } = await source.stat()
    const header = await headerEnd(source)
    const hash = createHash('sha256')
    await writeNewWith(rows, async (target) => {
      const take = async (piece: Uint8Array) => {
        hash.update(piece)
        await target.writeFile(piece)
      }
      await copyRange(source, 0, header, take)
      for (let i = 0; i < ranges.length; i += 2) await copyRange(source, ranges[i]!, ranges[i + 1]!, take)
    })
    await writeNewWith(
      kept,
      async (target) => {
        let from = 0
        for (let i = 0; i < ranges.length; i += 2) {
          await copyRange(source, from, ranges[i]!, (piece) => target.writeFile(piece))
          from = ranges[i + 1]!
        }
        await copyRange(source, from, size, (piece) => target.writeFile(piece))
      },
      { lasting: false },
    )
    return hash.digest('hex')
  } finally {
    await source.close()
  }
}

async function copyRange(
  source: FileHandle,
  start: number,
  end: number,
  take: (piece: Uint8Array) => Promise<void>,
): Promise<void> {
  const block = new Uint8Array(BLOCK)
  for (let at = start; at < end; ) {
    const { bytesRead } = await source.read(block, 0, Math.min(BLOCK, end - at), at)
    if (bytesRead === 0) throw new Error('a staged copy became shorter')
    await take(block.subarray(0, bytesRead))
    at += bytesRead
  }
}

/** Where the first record ends, its newline included. */
async function headerEnd(source: FileHandle): Promise<number> {
  const block = new Uint8Array(BLOCK)
  let quoted = false
  for (let at = 0; ; ) {
    const { bytesRead } = await source.read(block, 0, BLOCK, at)
    for (let i = 0; i < bytesRead; i++) {
      if (block[i] === QUOTE) quoted = !quoted
      else if (block[i] === LF && !quoted) return at + i + 1
    }
    if (bytesRead === 0) return at
    at += bytesRead
  }
}
