import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { type Database, openDatabase } from '../../src/adapters/postgres/database.ts'
import { startPostgres, stopPostgres } from '../../src/adapters/postgres/embedded/index.ts'
import { filesOf, onlineOf, tablesOf } from '../home-contents.ts'
import { start, vigie } from '../program.ts'
import { smallMonths } from '../small-months.ts'

/** What was read from JSON. */
type Document = ReturnType<typeof JSON.parse>

export interface Answer {
  readonly status: number | null
  /** The one document on stdout. */
  readonly json: Document
  readonly stderr: string
}

export interface PreparedHome {
  readonly home: string
  /** Folder of the deliveries. */
  readonly months: string
  /** A folder for deliveries of the test's own. */
  readonly folder: string
  readonly database: Database
  /** What `start --once --json` printed. */
  readonly outcome: Document
  /** Runs a command on the home with `--json`, and reads its one document. */
  ask(...args: readonly string[]): Promise<Answer>
  /** Runs a command on the home as a person would; gives its lines. */
  say(...args: readonly string[]): Promise<{ status: number | null; stdout: string; stderr: string }>
  /** Everything that is stored, to compare; without the engine's own tables and what was refused, and the reports that say so. */
  state(): Promise<unknown>
}

/**
 * A state folder in which the loop ran over the small months once. Its Postgres runs as long as the tests of the file,
 * so that no command waits for it to start.
 */
export function preparedHome(): PreparedHome {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'vigie-test-cli-'))
  const home = path.join(folder, 'home')
  const months = path.join(folder, 'months')
  let database: Database
  let outcome: unknown
  beforeAll(async () => {
    await smallMonths(months)
    const server = await startPostgres({ root: path.join(home, 'postgres') })
    database = await openDatabase({ url: server.url('vigie'), embedded: true })
    const { status, stdout, stderr } = await start(['--once', '--json', '--home', home, '--data', months]).ended
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' })
    outcome = JSON.parse(stdout)
  })
  afterAll(async () => {
    await database.close()
    await stopPostgres({ root: path.join(home, 'postgres') })
    rmSync(folder, { recursive: true })
  })
  return {
    home,
    months,
    folder,
    get database() {
      return database
    },
    get outcome() {
      return outcome
    },
    async ask(...args) {
      const { status, stdout, stderr } = await vigie([...args, '--json', '--home', home]).ended
      return { status, json: JSON.parse(stdout), stderr }
    },
    say: (...args) => vigie([...args, '--home', home]).ended,
    async state() {
      const tables = Object.entries(await tablesOf(database)).filter(([name]) => /^vigie\.(?!worker)/.test(name))
      const files = Object.entries(await filesOf(home)).filter(
        ([file]) => !/^(staging.quarantine|online|reports.validation)./.test(file),
      )
      return {
        tables: Object.fromEntries(tables),
        files: Object.fromEntries(files),
        online: await onlineOf(home, months),
      }
    },
  }
}
