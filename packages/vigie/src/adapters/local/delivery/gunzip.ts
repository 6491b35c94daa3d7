import { crc32, createInflateRaw, type InflateRaw } from 'node:zlib'
import { VigieError } from '../../../errors.ts'

/** Most decoded bytes for each delivered one. Text compresses 5 to 20 times, a bomb 1,000 times. */
export const MOST_RATIO = 100
/** CRC-32 and length of the text, which end the file. */
const TRAILER = 8
/** Compressed bytes decoded at a time: what comes of them waits in memory. */
const PIECE = 1 << 14
const OUTPUT = 1 << 18

/** A frame's head may hold a name and a comment of any length, which nobody needs. */
const MOST_HEAD = 1 << 17

const HAS_CRC = 2
const HAS_EXTRA = 4
const HAS_NAME = 8
const HAS_COMMENT = 16

/**
 * Decodes a gzip file (RFC 1952) of one member, piece by piece. Node's own gunzip goes on with a second member and
 * passes over what follows the last one, so the frame is read here and only its content left to zlib.
 */
export class Gunzip {
  readonly #name: string
  readonly #size: number
  readonly #maxBytes: number
  readonly #take: (piece: Uint8Array) => Promise<void>
  readonly #inflate: InflateRaw
  readonly #decoded: Uint8Array[] = []
  #failure: unknown
  /** Bytes not decoded yet: the frame's head until it is whole, later the last eight, which may be the trailer. */
  #waiting = new Uint8Array(0)
  #inContent = false
  #given = 0
  #bytes = 0
  #crc = 0

  /** `take` gets the text in order, in pieces that are its own. `size` is the size of the whole file. */
  constructor(
    name: string,
    limits: { readonly size: number; readonly maxBytes: number },
    take: (piece: Uint8Array) => Promise<void>,
  ) {
    this.#name = name
    this.#size = limits.size
    this.#maxBytes = limits.maxBytes
    this.#take = take
    this.#inflate = createInflateRaw({ chunkSize: OUTPUT })
      .on('data', (piece: Buffer) => this.#counted(piece))
      .on('error', (error) => {
        this.#failure ??= this.#corrupt(error.message, error)
      })
  }

  async push(chunk: Uint8Array): Promise<void> {
    this.#waiting = Buffer.concat([this.#waiting, chunk])
    if (!this.#inContent) {
      const head = headLength(this.#waiting)
      if (head === null && this.#waiting.length <= MOST_HEAD) return
      if (head === null || head === 'none') throw this.#corrupt('no gzip header')
      this.#inContent = true
      this.#waiting = this.#waiting.subarray(head)
    }
    const content = this.#waiting.subarray(0, Math.max(0, this.#waiting.length - TRAILER))
    this.#waiting = this.#waiting.slice(content.length)
    for (let at = 0; at < content.length; at += PIECE) await this.#decode(content.subarray(at, at + PIECE))
  }

  /** The file ends here. Throws `archive_corrupt` unless it was one whole member and nothing else. */
  async end(): Promise<void> {
    if (!this.#inContent || this.#waiting.length < TRAILER) throw this.#corrupt('the file is cut')
    await new Promise<void>((resolve) => {
      this.#inflate.once('close', resolve)
      if (this.#inflate.closed) resolve()
      else this.#inflate.end()
    })
    await this.#flush()
    if (this.#inflate.bytesWritten !== this.#given) throw this.#corrupt('bytes follow the end of the text')
    const trailer = new DataView(this.#waiting.buffer, this.#waiting.byteOffset)
    if (trailer.getUint32(0, true) !== this.#crc) throw this.#corrupt('the checksum differs')
    if (trailer.getUint32(4, true) !== this.#bytes % 2 ** 32) throw this.#corrupt('the length differs')
  }

  /** Ends decoding before the end of the file. */
  close(): void {
    this.#inflate.destroy()
  }

  async #decode(piece: Uint8Array): Promise<void> {
    if (this.#inflate.readableEnded) throw this.#corrupt('bytes follow the end of the text')
    this.#given += piece.length
    await new Promise<void>((resolve) => {
      this.#inflate.once('close', resolve)
      this.#inflate.write(piece, () => {
        this.#inflate.off('close', resolve)
        resolve()
      })
    })
    await this.#flush()
  }

  #counted(piece: Uint8Array): void {
    this.#bytes += piece.length
    const most = Math.min(MOST_RATIO * this.#size, this.#maxBytes)
    if (this.#bytes <= most) {
      this.#crc = crc32(piece, this.#crc)
      this.#decoded.push(piece)
      return
    }
    this.#failure ??= new VigieError('decompression_limit', `${this.#name} decodes to more than ${most} bytes`, {
      rule: `a compressed file decodes to at most ${MOST_RATIO} times its size and at most ${this.#maxBytes} bytes`,
      value: `more than ${most} bytes from ${this.#size}`,
      file: this.#name,
    })
    this.#inflate.destroy()
  }

  async #flush(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure
    for (const piece of this.#decoded.splice(0)) await this.#take(piece)
  }

  #corrupt(why: string, cause?: unknown): VigieError {
    return new VigieError('archive_corrupt', `${this.#name} is no whole gzip file: ${why}`, {
      rule: 'a file called .gz is one complete gzip stream and nothing else',
      value: why,
      file: this.#name,
      cause,
    })
  }
}

/** Length of the frame's head; null when the bytes do not reach, `none` when it is no head. */
function headLength(bytes: Uint8Array): number | 'none' | null {
  if (bytes.length < 10) return null
  const flags = bytes[3]!
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8 || flags >= 32) return 'none'
  let at = 10
  if (flags & HAS_EXTRA) at += 2 + bytes[at]! + 256 * bytes[at + 1]!
  for (const flag of [HAS_NAME, HAS_COMMENT]) {
    if (!(flags & flag)) continue
    const end = bytes.indexOf(0, at)
    if (end < 0) return null
    at = end + 1
  }
  if (flags & HAS_CRC) at += 2
  return Number.isNaN(at) || at > bytes.length ? null : at
}
