import type { DuckDBInstance } from '@duckdb/node-api'
import { VigieError } from '../../errors.ts'

/** Loads the library, 70 MB, on first use: a process that only serves never asks for it. */
export const loadDuckDb = () => import('@duckdb/node-api')

export interface DatabaseOptions {
  /** Folder for what does not fit into memory, of no other database: the names of the files in it are fixed. */
  readonly temporary: string
  readonly threads: number
  /** As DuckDB writes sizes: `1GB`, `500MB`. */
  readonly memoryLimit: string
}

/**
 * An empty database in memory that reads and writes files for us.
 *
 * The external file cache is off because it returned stale rows for files overwritten in place. Extensions are never
 * fetched, and the configuration is locked, so that nothing in a query can change either.
 */
export async function openDatabase({ temporary, threads, memoryLimit }: DatabaseOptions): Promise<DuckDBInstance> {
  const { DuckDBInstance } = await loadDuckDb()
  return DuckDBInstance.create(':memory:', {
    threads: String(threads),
    memory_limit: memoryLimit,
    temp_directory: temporary,
    enable_external_file_cache: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    lock_configuration: 'true',
  })
}

/**
 * What DuckDB or the file system says about a full disk or full memory, as an error that a person can act on; null for
 * everything else. DuckDB has no codes, only texts.
 */
export function resourceError(error: unknown): VigieError | null {
  const message = error instanceof Error ? error.message : ''
  if (/No space left on device|ENOSPC/.test(message)) {
    return new VigieError('disk_full', 'there is no room on the disk of the offline store', { cause: error })
  }
  if (message.startsWith('Out of Memory Error')) {
    return new VigieError('out_of_memory', 'a query needs more memory than the offline store may use', {
      hint: 'Raise the memory limit of the offline store, or free space on its disk, and run the same command again.',
      cause: error,
    })
  }
  return null
}
