import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect } from 'vitest'
import { type Database, openDatabase } from '../../src/adapters/postgres/database.ts'
import type { Stage } from '../../src/loop/events.ts'
import { filesOf, onlineOf } from '../home-contents.ts'
import { postgresForTests } from '../postgres.ts'
import { type Ended, type Program, start } from '../program.ts'
import { smallMonths } from '../small-months.ts'

/** Where the loop is killed. */
export interface Moment {
  readonly name: string
  /** Nothing happens before the program has written this. */
  readonly after: RegExp
  /** From then on nobody can write this, and the program is killed when it waits for it. Without: at once. */
  readonly waitsFor?: Barrier
}

/** A row of a table, or the record that a step is done, whose effects are in the stores by then. */
type Barrier = { readonly table: string } | { readonly record: Stage }

/** In the order of the loop. */
export const MOMENTS: readonly Moment[] = [
  { name: 'before the first delivery', after: /month_000/ },
  {
    name: 'when the first snapshot is about to be committed',
    after: /month_000/,
    waitsFor: { table: 'vigie.snapshot' },
  },
  {
    name: 'when a snapshot is committed and the step is not recorded',
    after: /month_000/,
    waitsFor: { record: 'ingest' },
  },
  {
    name: 'when values are online and the step is not recorded',
    after: /month_000/,
    waitsFor: { record: 'materialize' },
  },
  { name: 'when a model is fitted and not registered', after: /month_000/, waitsFor: { table: 'vigie.model_version' } },
  {
    name: 'when a model is registered and the step is not recorded',
    after: /month_000/,
    waitsFor: { record: 'train' },
  },
  {
    name: 'when a report is written and the step is not recorded',
    after: /month_001/,
    waitsFor: { record: 'monitor' },
  },
  { name: 'between two months', after: /month_001[\s\S]*month_002/ },
  {
    name: 'when a delivery is refused and the step is not recorded',
    after: /month_002/,
    waitsFor: { record: 'ingest' },
  },
  { name: 'when a look at the holdout is about to be counted', after: /_resent/, waitsFor: { table: 'vigie.look' } },
  { name: 'when a decision is about to be recorded', after: /_resent/, waitsFor: { table: 'vigie.decision' } },
  { name: 'inside the transaction that promotes', after: /_resent/, waitsFor: { table: 'vigie.audit' } },
  {
    name: 'when a champion is promoted and the step is not recorded',
    after: /_resent/,
    waitsFor: { record: 'promote' },
  },
]

/** What is left when the loop is done: the same whatever happened on the way. */
export interface Result {
  readonly outcome: unknown
  /** What a prediction for each subscriber would read. */
  readonly online: unknown
  readonly files: Readonly<Record<string, string>>
  readonly rows: unknown
}

export interface LoopForTests {
  /** A new state folder and database, in which nothing was done. */
  place(): Promise<Place>
}

export interface Place {
  readonly home: string
  readonly database: Database
  /** Runs the loop to its end. */
  finish(): Promise<Ended>
  /** Runs the loop, and kills it at the moment. */
  killAt(moment: Moment): Promise<void>
  /** The same for a loop that was begun before, and goes on with what is unfinished before it writes anything. */
  killAgainAt(moment: Moment): Promise<void>
  /** Of the stores as they are, and of what a start that ended wrote on stdout. */
  result(ended: Ended): Promise<Result>
}

/** The real start script on small months. All places share one Postgres, which is not killed, and one secret. */
export function loopForTests(): LoopForTests {
  const postgres = postgresForTests()
  const folder = mkdtempSync(path.join(os.tmpdir(), 'vigie-test-loop-'))
  const opened: Database[] = []
  let months: string
  let places = 0
  beforeAll(async () => {
    months = await smallMonths(path.join(folder, 'deliveries'))
  })
  afterAll(async () => {
    for (const database of opened) await database.close()
    rmSync(folder, { recursive: true })
  })

  return {
    async place() {
      places += 1
      const url = postgres.otherUrl()
      const home = path.join(folder, `home ${places}`)
      mkdirSync(home)
      writeFileSync(path.join(home, 'fingerprint.key'), Buffer.alloc(32, 7), { mode: 0o600 })
      const database = await openDatabase({ url, embedded: true })
      opened.push(database)
      const begin = () => start(['--once', '--json', '--home', home, '--data', months], { env: { DATABASE_URL: url } })
      return {
        home,
        database,
        finish: () => begin().ended,
        async killAt({ after, waitsFor }) {
          const barrier = await barrierIn(url)
          const program = begin()
          await program.wrote(after)
          if (waitsFor) await barrier.raise(waitsFor)
          if (waitsFor) await barrier.waited(program)
          expect(await program.kill('SIGKILL')).toMatchObject({ signal: 'SIGKILL' })
          await barrier.remove()
        },
        async killAgainAt({ after, waitsFor }) {
          const barrier = await barrierIn(url)
          if (waitsFor) await barrier.raise(waitsFor)
          const program = begin()
          await (waitsFor ? barrier.waited(program) : program.wrote(after))
          expect(await program.kill('SIGKILL')).toMatchObject({ signal: 'SIGKILL' })
          await barrier.remove()
        },
        async result({ status, stdout, stderr }) {
          expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' })
          // the same content may lie on other pages of the file
          const { 'online/vectors.lmdb': _pages, ...files } = await filesOf(home)
          return {
            outcome: withoutTimes(stdout.replaceAll(home, 'home')),
            online: await onlineOf(home, months),
            files,
            rows: await rowsOf(database),
          }
        },
      }
    },
  }
}

/** An advisory lock that a trigger takes before the write. Its holder never has a transaction open: see `raise`. */
const BARRIER = 1

/** Stops whoever writes something, in a session of its own. */
async function barrierIn(url: string) {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined) // the server is stopped after a test that failed
  await client.connect()
  const here = 'database = (select oid from pg_database where datname = current_database())'
  const waiting = `from pg_locks where locktype = 'advisory' and objid = ${BARRIER} and not granted and ${here}`

  return {
    /**
     * Not by a lock on the table: that needs a transaction which stays open, and `create index concurrently`, by which
     * DBOS makes its tables, waits for the end of each transaction that was reading at that moment, such as with `waited`.
     */
    async raise(barrier: Barrier): Promise<void> {
      const [table, when] =
        'table' in barrier
          ? [barrier.table, '']
          : ['dbos.operation_outputs', `when (new.function_name = '${barrier.record}')`]
      await client.query(`select pg_advisory_lock(${BARRIER});
        create function barrier() returns trigger language plpgsql as
          'begin perform pg_advisory_xact_lock(${BARRIER}); return new; end';
        create trigger barrier before insert on ${table} for each row ${when} execute function barrier()`)
    },
    async waited(program: Program): Promise<void> {
      while ((await client.query(`select 1 ${waiting}`)).rowCount === 0) {
        if (program.child.exitCode !== null) {
          throw new Error(`the program ended and did not wait:\n${(await program.ended).stderr}`)
        }
        await sleep(5)
      }
    },
    /** Also ends the session of the killed program, whose last statement must not be carried out now. */
    async remove(): Promise<void> {
      await client.query(`select pg_terminate_backend(pid, 5000) ${waiting}`)
      await client.query('drop function if exists barrier cascade')
      await client.end()
    },
  }
}

function withoutTimes(stdout: string): unknown {
  const { timings, ...outcome } = JSON.parse(stdout, (_key, value) =>
    value?.code === 'policy_before_training' ? { ...value, value: 'a time', bound: 'a time' } : value,
  )
  expect(timings.total).toBeGreaterThan(0)
  return outcome
}

async function rowsOf(database: Database): Promise<unknown> {
  const of = (sql: string) => database.rows(sql)
  return {
    snapshots: await of('select id, as_of, version, known_at, content_hash, rows from vigie.snapshot order by as_of'),
    versions: await of(
      'select version, trained_as_of, artefact, fingerprints, snapshots, made_by from vigie.model_version order by 1',
    ),
    stages: await of('select version, stage from vigie.version_stage order by 1'),
    decisions: await of(
      'select as_of, challenger, champion, champion_epoch, outcome from vigie.decision order by as_of',
    ),
    reigns: await of('select epoch, version, actor, fallback, looks_from from vigie.reign order by 1'),
    looks: await of('select epoch, challenger, rows_hash, metric, number from vigie.look order by 1, 2'),
    audit: await of('select actor, action from vigie.audit order by seq'),
    runs: await of('select workflow_uuid, name, status from dbos.workflow_status order by 1'),
    steps: await of(
      'select workflow_uuid, function_id, function_name from dbos.operation_outputs where error is null order by 1, 2',
    ),
  }
}
