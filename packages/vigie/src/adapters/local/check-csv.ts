import { createHash } from 'node:crypto'
import { link, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { SourceContract } from '../../domain/contract.ts'
import type { CsvSummary } from '../../domain/csv/csv-check.ts'
import { type DeliveredFormat, readFileName } from '../../domain/delivery/formats.ts'
import { type VigieError as Refusal, VigieError } from '../../errors.ts'
import type { CheckedFile, Tasks } from '../../ports/compute.ts'
import { openDelivered } from './delivered-file.ts'
import type { Copied } from './delivery/copy-delivered.ts'
import { refusalOf } from './delivery/copy-delivered.ts'
import { cutRows } from './delivery/cut-rows.ts'
import { locateDelivered } from './delivery/locate.ts'
import { entryOf, refuseOtherBytes, refuseOtherRows } from './delivery/read-manifest.ts'
import { readText } from './delivery/read-text.ts'
import { inRows } from './delivery/row-numbers.ts'
import { tooLarge } from './delivery/text-check.ts'
import { pendingBeside } from './durable-files.ts'
import { quarantine } from './quarantine.ts'

/** Most bytes of the text of a file, unless the definition says otherwise. */
const MAX_BYTES = 100e9

/**
 * Reads a delivered file once: copies and hashes it, makes text of it, and checks that against the contract, so that
 * what was checked is what is imported, whatever becomes of the original. See the task of this name for what it leaves.
 *
 * @throws the first broken rule of the contract; `file_missing`, `ambiguous_file`, `archive_unsupported`,
 *   `not_a_regular_file`, `unreadable_file`, `content_mismatch`, `disk_full`; `file_changed` when somebody wrote to the
 *   file meanwhile; what its format or its manifest can break
 */
export async function checkCsv(input: Tasks['checkCsv']['input']): Promise<CheckedFile> {
  const { contract, stagedDir, asOf, manifest = null, maxBytes = MAX_BYTES } = input
  const { file, format } = 'dir' in input ? await locateDelivered(input.dir, contract.name) : named(input.file)
  const name = path.basename(file)
  const entry = manifest && entryOf(manifest, name, contract.name)
  const delivered = await openDelivered(file)
  const [original, text, kept, rows] = [1, 2, 3, 4].map(() => pendingBeside(path.join(stagedDir, name)))
  const copies = { original: original!, text: format === 'csv' ? original! : text!, kept: kept!, rows: rows! }
  try {
    // Before a byte is copied: so large a file would fill the disk.
    if (delivered.size > maxBytes) throw tooLarge(name, maxBytes)
    const read = await readText(delivered, { file, format, copies, contract, asOf, maxBytes })
    // Before anything is believed: what is still being written may be wrong in any way.
    await delivered.refuseChanged(read.copied.bytes)
    const refusal =
      (entry && (await refusalOf(() => refuseOtherBytes(entry, read.copied)))) ??
      read.copied.refusal ??
      (entry && (await refusalOf(() => refuseOtherRows(entry, rowsIn(read.summary)))))
    if (refusal) throw await refused(refusal, { file, format, copies, contract, stagedDir, copied: read.copied })
    return await stage(read.summary!, { file, format, copies, contract, stagedDir, copied: read.copied })
  } finally {
    for (const copy of [original, text, kept, rows]) await rm(copy!, { force: true })
    await delivered.handle.close()
  }
}

interface ReadFile {
  readonly file: string
  readonly format: DeliveredFormat
  readonly copies: { readonly original: string; readonly text: string; readonly kept: string; readonly rows: string }
  readonly contract: SourceContract
  readonly stagedDir: string
  readonly copied: Copied
}

function named(file: string): { readonly file: string; readonly format: DeliveredFormat } {
  return { file, format: readFileName(path.basename(file))?.format ?? 'csv' }
}

function rowsIn(summary: CsvSummary | null): number {
  return (summary?.rows ?? 0) + (summary?.quarantined?.rows ?? 0)
}

/** Keeps the original and says what was wrong with it, by the name under which it came. */
async function refused(
  refusal: Refusal,
  { file, format, copies, contract, stagedDir, copied }: ReadFile,
): Promise<VigieError> {
  const told = underItsName(
    format === 'parquet' ? await inRows(refusal, copies.text) : refusal,
    `${contract.name}.csv`,
    path.basename(file),
  )
  const quarantined = await quarantine({
    folder: quarantineBeside(stagedDir),
    copy: copies.original,
    delivered: { file, sha256: copied.sha256, bytes: copied.bytes },
    refusal: told,
  })
  const { code, message, details, hint } = told
  return new VigieError(code, message, { ...details, hint, quarantined })
}

/** The check of a text calls its file `<source>.csv`. */
function underItsName(refusal: Refusal, textName: string, name: string): Refusal {
  const { code, message, details, hint } = refusal
  if (message.startsWith(name) || !message.startsWith(textName)) return refusal
  return new VigieError(code, `${name}${message.slice(textName.length)}`, { ...details, hint, file: name })
}

async function stage(summary: CsvSummary, read: ReadFile): Promise<CheckedFile> {
  const { format, copies, contract, stagedDir, copied } = read
  const { sha256, bytes } = copied
  const { rows, quarantined, held, header, bom } = summary
  const accepted = path.join(stagedDir, `${contract.name}.csv`)
  const content = quarantined ? await leaveOut(quarantined, read) : sha256
  // For CSV both names are one file.
  if (format === 'csv' && !quarantined) await link(copies.text, copies.kept)
  await rename(quarantined || format === 'csv' ? copies.kept : copies.text, accepted)
  await rename(copies.original, path.join(stagedDir, `${sha256}.${format}`))
  return {
    source: contract.name,
    format,
    sha256,
    bytes,
    content,
    rows,
    quarantined: quarantined?.rows ?? 0,
    leftOut: quarantined?.broken ?? [],
    held,
    header,
    bom,
  }
}

/** Cuts the rows out of the text and keeps them with the original. Returns the hash of what is left to import. */
async function leaveOut(
  { ranges, rows, broken }: NonNullable<CsvSummary['quarantined']>,
  { file, copies, contract, stagedDir, copied: { sha256, bytes } }: ReadFile,
): Promise<string> {
  const rowsSha256 = await cutRows(copies.text, ranges, copies)
  const name = path.basename(file)
  const [first] = broken
  await quarantine({
    folder: quarantineBeside(stagedDir),
    copy: copies.original,
    delivered: { file, sha256, bytes },
    rows: copies.rows,
    refusal: {
      code: first?.code ?? 'quarantine_cap',
      message: `${rows} rows of ${name} were left out`,
      hint: `Mend their cause and take them in: vigie quarantine replay ${sha256.slice(0, 12)} --as-of <date>.`,
      details: {
        rule: `rows of ${contract.name} with broken values are left out`,
        value: `${rows} rows`,
        rows,
        broken,
      },
    },
  })
  return createHash('sha256').update(`${sha256} without ${rowsSha256}`).digest('hex')
}

function quarantineBeside(stagedDir: string): string {
  return path.join(stagedDir, '..', 'quarantine')
}
