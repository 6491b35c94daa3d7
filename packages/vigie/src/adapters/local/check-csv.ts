import { createHash } from 'node:crypto'
import { rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { CsvCheck, type CsvSummary } from '../../domain/csv/csv-check.ts'
import { hasCode, VigieError } from '../../errors.ts'
import type { CheckedFile, Tasks } from '../../ports/compute.ts'
import { type DeliveredFile, openDelivered, reading } from './delivered-file.ts'
import { pendingBeside, syncFolder, writeNewWith } from './durable-files.ts'
import { quarantine } from './quarantine.ts'

/** Bytes read at a time. Larger than any field, and small enough to stay in the processor's cache. */
const CHUNK = 1 << 18

/**
 * Reads a delivered file once: checks it against its contract, hashes it, and copies it to `<stagedDir>/<sha256>.csv`,
 * so that what was checked is what is imported, whatever becomes of the original. A refused file is kept in the folder
 * `quarantine` beside `stagedDir`; nothing else is left behind.
 *
 * @throws the first broken rule of the contract; `file_missing`, `not_a_regular_file`, `unreadable_file`, `disk_full`;
 *   `file_changed` when somebody wrote to the file meanwhile
 */
export async function checkCsv({ file, contract, asOf, stagedDir }: Tasks['checkCsv']['input']): Promise<CheckedFile> {
  const delivered = await openDelivered(file)
  const copy = pendingBeside(path.join(stagedDir, `${contract.name}.csv`))
  try {
    const { sha256, bytes, result, refusal } = await copyChecked(
      delivered,
      file,
      copy,
      new CsvCheck(contract, { asOf }),
    )
    // Before anything is believed: what is still being written may be wrong in any way.
    await delivered.refuseChanged(bytes)
    if (refusal) {
      const folder = path.join(stagedDir, '..', 'quarantine')
      const quarantined = await quarantine({ folder, copy, delivered: { file, sha256, bytes }, refusal })
      const { code, message, details, hint } = refusal
      throw new VigieError(code, message, { ...details, hint, quarantined })
    }
    await rename(copy, path.join(stagedDir, `${sha256}.csv`))
    await syncFolder(stagedDir)
    return { source: contract.name, sha256, bytes, ...result }
  } finally {
    await rm(copy, { force: true })
    await delivered.handle.close()
  }
}

type Outcome<T> =
  | { readonly result: T; readonly refusal: null }
  | { readonly result: null; readonly refusal: VigieError }

/** Copies the whole file, also when its first bytes are refused: the supplier is shown what was delivered. */
function copyChecked(
  { handle, size }: DeliveredFile,
  file: string,
  copy: string,
  check: CsvCheck,
): Promise<{ readonly sha256: string; readonly bytes: number } & Outcome<CsvSummary>> {
  return writeNewWith(copy, async (target) => {
    const hash = createHash('sha256')
    const buffer = new Uint8Array(CHUNK)
    let bytes = 0
    let refusal: VigieError | null = null
    // A file that grows as fast as it is read would have no end.
    while (bytes <= size) {
      const { bytesRead } = await reading(file, () => handle.read(buffer, 0, CHUNK, null))
      if (bytesRead === 0) break
      const chunk = buffer.subarray(0, bytesRead)
      bytes += bytesRead
      hash.update(chunk)
      await target.writeFile(chunk)
      refusal ??= tried(() => check.push(chunk)).refusal
    }
    const outcome = refusal ? { result: null, refusal } : tried(() => check.end())
    return { sha256: hash.digest('hex'), bytes, ...outcome }
  })
}

function tried<T>(check: () => T): Outcome<T> {
  try {
    return { result: check(), refusal: null }
  } catch (error) {
    if (hasCode(error)) return { result: null, refusal: error }
    throw error
  }
}
