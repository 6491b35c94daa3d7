import { DuckDBInstance } from '@duckdb/node-api'

export interface DatabaseOptions {
  /** Folder for what does not fit into memory. */
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
export function openDatabase({ temporary, threads, memoryLimit }: DatabaseOptions): Promise<DuckDBInstance> {
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
