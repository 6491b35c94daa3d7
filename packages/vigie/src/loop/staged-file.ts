import path from 'node:path'
import type { SourceContract } from '../domain/contract.ts'
import { contractOfText } from '../domain/delivery/formats.ts'
import type { CheckedFile } from '../ports/compute.ts'
import type { OfflineStore } from '../ports/offline-store.ts'
import type { TableFile } from '../ports/snapshots.ts'

/** The bytes of a checked file as they were delivered, among the copies in `staged`. */
export function originalOf(staged: string, { sha256, format }: CheckedFile): string {
  return path.join(staged, `${sha256}.${format}`)
}

/** Makes a table of the text that was accepted of a checked file. */
export function importChecked(
  offline: Pick<OfflineStore, 'importCsv'>,
  contract: SourceContract,
  { staged, checked }: { readonly staged: string; readonly checked: CheckedFile },
): Promise<TableFile> {
  const text = path.join(staged, `${checked.source}.csv`)
  return offline.importCsv(text, checked.header, contractOfText(contract, checked), checked.rows)
}
