import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { crc32, deflateRawSync, gzipSync } from 'node:zlib'
import type { Accepted, Refused } from './case.ts'
import { HEADER, usage } from './files.ts'

const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex')
const gz = (content: string | Uint8Array) => ({ 'usage.csv': null, 'usage.csv.gz': gzipSync(content) })
const manifest = (files: object) => async (dir: string) =>
  writeFile(path.join(dir, 'manifest.json'), JSON.stringify({ files }))
const compressed = gzipSync(usage())

/** A zip with one stored entry, as `zip` writes it. */
function zip(name: string, content: string): Buffer {
  const data = Buffer.from(content)
  const packed = deflateRawSync(data)
  const head = (signature: number, size: number) => {
    const header = Buffer.alloc(size)
    header.writeUInt32LE(signature)
    const at = size === 30 ? 4 : 6
    header.writeUInt16LE(20, at)
    header.writeUInt16LE(8, at + 4)
    header.writeUInt32LE(crc32(data), at + 10)
    header.writeUInt32LE(packed.length, at + 14)
    header.writeUInt32LE(data.length, at + 18)
    header.writeUInt16LE(name.length, at + 22)
    return header
  }
  const local = Buffer.concat([head(0x04034b50, 30), Buffer.from(name), packed])
  const central = Buffer.concat([head(0x02014b50, 46), Buffer.from(name)])
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50)
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(local.length, 16)
  return Buffer.concat([local, central, end])
}

const inPlaceOf = (name: string, put: (file: string, aside: string) => Promise<unknown>) => async (dir: string) => {
  const file = path.join(dir, name)
  await put(file, path.join(dir, '..', `aside ${path.basename(dir)}`))
}

export const deliveryRefused: readonly Refused[] = [
  {
    id: 'C14',
    what: 'a file cut in a row, beside its manifest',
    files: { 'usage.csv': usage().slice(0, -30) },
    prepare: manifest({ 'usage.csv': { sha256: sha256(usage()), bytes: usage().length } }),
    code: 'size_or_hash_mismatch',
  },
  {
    id: 'C15',
    what: 'a file cut at the end of a row, beside its manifest',
    files: { 'usage.csv': usage().split('\n').slice(0, 4).join('\n') },
    prepare: manifest({ 'usage.csv': { rows: 4 } }),
    code: 'row_count_mismatch',
  },
  {
    id: 'C16',
    what: 'a delivery without its manifest, where it is required',
    define: { manifest: 'required' },
    code: 'manifest_missing',
    file: null,
  },
  { id: 'C76', what: 'a file above the quota', define: { maxBytes: 100 }, code: 'too_large', file: null },
  {
    id: 'C77',
    what: 'a gzip that unpacks to a thousand times its size',
    files: gz(`${HEADER}\n${'u,'.repeat(5_000_000)}`),
    code: 'decompression_limit',
    file: 'usage.csv.gz',
  },
  {
    id: 'C77',
    what: 'a zip',
    files: { 'usage.csv': null, 'usage.csv.zip': zip('usage.csv', usage()) },
    code: 'archive_unsupported',
    file: null,
  },
  {
    id: 'C78',
    what: 'a zip that is called .zip',
    files: { 'usage.csv': null, 'usage.zip': zip('usage.csv', usage()) },
    code: 'archive_unsupported',
    file: null,
  },
  {
    id: 'C78',
    what: 'a zip that is called .csv',
    files: { 'usage.csv': zip('usage.csv', usage()) },
    code: 'content_mismatch',
  },
  {
    id: 'C79',
    what: 'a gzip with something behind it',
    files: { 'usage.csv': null, 'usage.csv.gz': Buffer.concat([compressed, Buffer.from('more')]) },
    code: 'archive_corrupt',
    file: 'usage.csv.gz',
  },
  {
    id: 'C79',
    what: 'a gzip of two members',
    files: { 'usage.csv': null, 'usage.csv.gz': Buffer.concat([compressed, gzipSync('u5\n')]) },
    code: 'archive_corrupt',
    file: 'usage.csv.gz',
  },
  {
    id: 'C79',
    what: 'a gzip with another checksum',
    files: {
      'usage.csv': null,
      'usage.csv.gz': Buffer.concat([compressed.subarray(0, -8), Buffer.alloc(4, 1), compressed.subarray(-4)]),
    },
    code: 'archive_corrupt',
    file: 'usage.csv.gz',
  },
  {
    id: 'C79',
    what: 'a gzip that is cut',
    files: { 'usage.csv': null, 'usage.csv.gz': compressed.subarray(0, -20) },
    code: 'archive_corrupt',
    file: 'usage.csv.gz',
  },
  ...['../../x', '/etc/passwd', 'C:\\x', '..\\x', '%2e%2e', '%252e%252e', 'a\u0000b'].map(
    (name): Refused => ({
      id: 'C80',
      what: `a manifest that names ${JSON.stringify(name)}`,
      prepare: manifest({ [name]: {} }),
      code: 'bad_name',
      file: null,
    }),
  ),
  {
    id: 'C81',
    what: 'a symbolic link',
    prepare: inPlaceOf('usage.csv', (file, aside) => rename(file, aside).then(() => symlink(aside, file))),
    code: 'not_a_regular_file',
    file: null,
  },
  {
    id: 'C81',
    what: 'a hard link',
    prepare: inPlaceOf('usage.csv', (file, aside) => link(file, aside)),
    code: 'not_a_regular_file',
    file: null,
  },
  {
    id: 'C81',
    what: 'a pipe',
    prepare: inPlaceOf('usage.csv', async (file) => rm(file).then(() => execFileSync('mkfifo', [file]))),
    code: 'not_a_regular_file',
    file: null,
  },
  {
    id: 'C81',
    what: 'a folder',
    prepare: inPlaceOf('usage.csv', (file) => rm(file).then(() => mkdir(file))),
    code: 'not_a_regular_file',
    file: null,
  },
  { id: 'C83', what: 'a gzip that is called .csv', files: { 'usage.csv': compressed }, code: 'content_mismatch' },
  {
    id: 'C83',
    what: 'a web page that is called .csv',
    files: { 'usage.csv': '<!DOCTYPE html>\n<html><body>Not found</body></html>\n' },
    code: 'content_mismatch',
  },
  {
    id: 'C83',
    what: 'text that is called .gz',
    files: { 'usage.csv': null, 'usage.csv.gz': usage() },
    code: 'content_mismatch',
    file: 'usage.csv.gz',
  },
  { id: 'C84', what: 'a file that is not there', files: { 'usage.csv': null }, code: 'file_missing', file: null },
  {
    id: 'C83',
    what: 'a source in two files',
    files: { 'usage.csv.gz': compressed },
    code: 'ambiguous_file',
    file: null,
  },
]

export const deliveryAccepted: readonly Accepted[] = [
  {
    id: 'C15',
    what: 'a delivery that its manifest describes',
    define: { manifest: 'required' },
    prepare: manifest({
      'users.csv': {},
      'usage.csv': { sha256: sha256(usage()), bytes: usage().length, rows: 4 },
      'labels.csv': { rows: 4 },
    }),
    checked: { rows: 4 },
  },
  {
    id: 'C77',
    what: 'a gzip',
    files: gz(usage()),
    checked: { format: 'csv.gz', sha256: sha256(compressed) },
    stored: [{ hours: '24.5' }, { score: null }, {}, {}],
  },
]

export async function original(file: string): Promise<string> {
  return sha256(await readFile(file))
}
