import path from 'node:path'
import { excerptOf } from '../../../domain/csv/excerpt.ts'
import { readFileName } from '../../../domain/delivery/formats.ts'
import { MANIFEST, type Manifest, type ManifestEntry, parseManifest } from '../../../domain/delivery/manifest.ts'
import { hasCode, VigieError } from '../../../errors.ts'
import type { CheckedFile, Tasks } from '../../../ports/compute.ts'
import { openDelivered, reading } from '../delivered-file.ts'

const MOST_BYTES = 1 << 20

/**
 * See the task of this name.
 *
 * @throws `manifest_missing`, `manifest_invalid`, `bad_name`; `as_of_mismatch` when it is of another date than `asOf`
 */
export async function readManifest({ dir, asOf, required }: Tasks['readManifest']['input']): Promise<Manifest | null> {
  const text = await textIn(path.join(dir, MANIFEST))
  if (text === null) {
    if (!required) return null
    throw missing(`there is no ${MANIFEST} in ${dir}`, MANIFEST)
  }
  const manifest = parseManifest(text)
  if (asOf !== null && manifest.asOf !== null && manifest.asOf !== asOf) {
    throw new VigieError('as_of_mismatch', `${MANIFEST} is of ${excerptOf(manifest.asOf)}, not of ${asOf}`, {
      rule: 'the manifest is of the date that is ingested',
      value: excerptOf(manifest.asOf),
      file: MANIFEST,
    })
  }
  return manifest
}

async function textIn(file: string): Promise<string | null> {
  try {
    const delivered = await openDelivered(file)
    try {
      if (delivered.size > MOST_BYTES) {
        throw new VigieError('manifest_invalid', `${MANIFEST} has ${delivered.size} bytes`, {
          rule: 'a manifest has at most 1 MB',
          value: `${delivered.size} bytes`,
          file: MANIFEST,
        })
      }
      const bytes = await reading(file, () => delivered.handle.readFile())
      await delivered.refuseChanged(bytes.length)
      return bytes.toString('utf8').replace(/^\ufeff/, '')
    } finally {
      await delivered.handle.close()
    }
  } catch (error) {
    if (hasCode(error, 'file_missing')) return null
    throw error
  }
}

/**
 * What a manifest says of the file that was found for a source. A manifest that knows some files knows all of them: one
 * that it leaves out was not meant to be here.
 *
 * @throws `manifest_missing` when it is not listed, `file_missing` when the source is listed in another form
 */
export function entryOf(manifest: Manifest, name: string, source: string): ManifestEntry {
  const entry = manifest.files.find((each) => each.name === name)
  if (entry) return entry
  const other = manifest.files.find((each) => readFileName(each.name)?.source === source)
  if (!other) throw missing(`${MANIFEST} does not list ${name}`, name)
  throw new VigieError('file_missing', `${other.name} is not in the delivery, which has ${name}`, {
    rule: 'a delivery holds the files that its manifest lists',
    value: name,
    file: other.name,
  })
}

/** Throws `size_or_hash_mismatch` when the delivered bytes are not those of the manifest. */
export function refuseOtherBytes(entry: ManifestEntry, { sha256, bytes }: Pick<CheckedFile, 'sha256' | 'bytes'>): void {
  const isSame = (entry.bytes ?? bytes) === bytes && (entry.sha256 ?? sha256) === sha256
  if (isSame) return
  const [what, found, listed] =
    (entry.bytes ?? bytes) === bytes ? ['sha256', sha256, entry.sha256] : ['size', `${bytes} bytes`, entry.bytes]
  throw new VigieError('size_or_hash_mismatch', `${entry.name} has another ${what} than its manifest says`, {
    rule: `${entry.name} has the ${what} ${listed}`,
    value: found,
    file: entry.name,
  })
}

/** Throws `row_count_mismatch` when the file has not as many rows as the manifest says, those left out included. */
export function refuseOtherRows(entry: ManifestEntry, rows: number): void {
  if (entry.rows === null || entry.rows === rows) return
  throw new VigieError('row_count_mismatch', `${entry.name} has ${rows} rows, its manifest says ${entry.rows}`, {
    rule: `${entry.name} has ${entry.rows} rows`,
    value: `${rows} rows`,
    file: entry.name,
  })
}

function missing(message: string, value: string): VigieError {
  return new VigieError('manifest_missing', message, {
    rule: `${MANIFEST} lists each file of the delivery`,
    value,
    file: MANIFEST,
  })
}
