import type { DuckDBConnection } from '@duckdb/node-api'
import type { TableProfile } from '../../domain/profile/table-profile.ts'
import type { TableFile } from '../../ports/snapshots.ts'
import { type ProfileNumbers, profileHere, profileTable } from './profile.ts'
import { ProfileFiles } from './profile-files.ts'
import type { StoredTable } from './stored-table.ts'

type ProfileOf = (connection: DuckDBConnection, table: StoredTable) => Promise<TableProfile>

/** The profiles of a store: kept ones are read, others are made and kept. */
export class Profiles {
  readonly #files: ProfileFiles | null
  readonly #profileNumbers: ProfileNumbers

  constructor(options: { readonly profiles?: string; readonly profileNumbers?: ProfileNumbers }) {
    this.#files = options.profiles === undefined ? null : new ProfileFiles(options.profiles)
    this.#profileNumbers = options.profileNumbers ?? profileHere
  }

  /** `make` opens the table and hands it to the function that it is given. */
  async of(table: TableFile, make: (profileOf: ProfileOf) => Promise<TableProfile>): Promise<TableProfile> {
    const kept = await this.#files?.read(table.sha256)
    if (kept) return kept
    const profile = await make((connection, stored) =>
      profileTable(connection, stored, table.rows, this.#profileNumbers),
    )
    await this.#files?.write(table.sha256, profile)
    return profile
  }

  async discard(table: TableFile): Promise<void> {
    await this.#files?.remove(table.sha256)
  }
}
