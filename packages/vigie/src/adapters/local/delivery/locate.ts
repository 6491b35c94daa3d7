import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { type DeliveredFormat, FORMATS } from '../../../domain/delivery/formats.ts'
import { VigieError } from '../../../errors.ts'

/** Packed forms that are never opened: they hold names, many files, or need a library that is not worth its risks. */
const ARCHIVES = ['zip', 'tar', 'tar.gz', 'tgz', 'xz', 'bz2', 'zst', '7z', 'rar', 'lz4', 'br', 'Z', 'gz']

/**
 * The one file of a source in a delivery. What is missing is called `<source>.csv`, and missing when it is opened.
 *
 * @throws `ambiguous_file` when the source is there in two forms, `archive_unsupported`
 */
export async function locateDelivered(
  dir: string,
  source: string,
): Promise<{ readonly file: string; readonly format: DeliveredFormat }> {
  const names = new Set(await namesIn(dir))
  const found = FORMATS.filter((format) => names.has(`${source}.${format}`))
  if (found.length > 1) {
    const value = found.map((format) => `${source}.${format}`).join(', ')
    throw new VigieError('ambiguous_file', `${source} is delivered twice: ${value}`, {
      rule: 'a delivery holds each source in one form',
      value,
      file: `${source}.${found[0]}`,
    })
  }
  const archive = ARCHIVES.flatMap((ending) => [`${source}.${ending}`, `${source}.csv.${ending}`]).find(
    (name) => names.has(name) && name !== `${source}.csv.gz`,
  )
  if (archive !== undefined) {
    throw new VigieError('archive_unsupported', `${archive} is an archive`, {
      rule: 'files come as .csv, .csv.gz or .parquet',
      value: archive,
      file: archive,
    })
  }
  const format = found[0] ?? 'csv'
  return { file: path.join(dir, `${source}.${format}`), format }
}

/** A folder that is not there or cannot be listed holds nothing: opening the file says why. */
async function namesIn(dir: string): Promise<readonly string[]> {
  try {
    return await readdir(dir)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return []
    throw error
  }
}
