import { excerpt } from '../../../domain/csv/excerpt.ts'
import type { DeliveredFormat } from '../../../domain/delivery/formats.ts'
import { VigieError } from '../../../errors.ts'

/** So many bytes tell what a file is. */
export const HEAD = 64

const ascii = (text: string) => Buffer.from(text, 'latin1')
const MAGIC: readonly (readonly [string, Uint8Array])[] = [
  ['a Parquet file', ascii('PAR1')],
  ['an encrypted Parquet file', ascii('PARE')],
  ['a gzip file', Buffer.of(0x1f, 0x8b)],
  ['a zip file', ascii('PK\x03\x04')],
  ['an empty zip file', ascii('PK\x05\x06')],
  ['an xz file', ascii('\xfd7zXZ\x00')],
  ['a zstd file', Buffer.of(0x28, 0xb5, 0x2f, 0xfd)],
  ['a bzip2 file', ascii('BZh')],
  ['a 7z file', ascii('7z\xbc\xaf\x27\x1c')],
  ['a PDF file', ascii('%PDF-')],
  ['an Arrow file', ascii('ARROW1')],
  ['an SQLite database', ascii('SQLite format 3\x00')],
]
const PAGE = /^(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml)/i
const BLANKS = new Set([9, 10, 13])

/**
 * Throws `content_mismatch` when the first bytes of a file say that it is something else than the ending of its name.
 * `name` is what the message calls it; `format` is what these bytes should be.
 */
export function refuseMismatch(head: Uint8Array, format: DeliveredFormat, name: string): void {
  const kind = kindOf(head)
  const isExpected =
    format === 'csv'
      ? kind === null || kind === 'text'
      : format === 'csv.gz'
        ? kind === 'a gzip file' || head.length === 0
        : kind === 'a Parquet file' || kind === 'an encrypted Parquet file' || kind === null
  if (isExpected) return
  const found = kind ?? 'something else'
  throw new VigieError('content_mismatch', `${name} holds ${found}`, {
    rule: 'a file holds what the ending of its name says',
    value: excerpt(head.subarray(0, 16)),
    file: name,
  })
}

function kindOf(head: Uint8Array): string | null {
  const magic = MAGIC.find(([, bytes]) => bytes.length <= head.length && bytes.every((byte, i) => head[i] === byte))
  if (magic) return magic[0]
  const text = Buffer.from(head.subarray(0, HEAD)).toString('latin1')
  if (PAGE.test(text)) return 'a web page or XML'
  const isText = head.length > 0 && head.every((byte) => (byte >= 0x20 && byte < 0x7f) || BLANKS.has(byte))
  return isText ? 'text' : null
}
