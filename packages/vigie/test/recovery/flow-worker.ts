// A program with one worker. It says each moment that its runs reach, and holds them up at one until a file appears.
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { startWorker } from '../../src/adapters/dbos/worker.ts'
import { openDatabase } from '../../src/adapters/postgres/database.ts'
import { demoFlow, type Moment } from './demo-flow.ts'

export interface ProgramOptions {
  readonly url: string
  readonly version: string
  readonly leaseMs: number
  /** Begins these. */
  readonly runs: readonly string[]
  readonly hold?: Moment
  /** Goes on when this file exists. */
  readonly release?: string
  /** How long each step takes, in ms. */
  readonly pace?: number
}

const options = JSON.parse(process.argv[2] ?? '') as ProgramOptions
const { url, version, leaseMs, runs, hold, release, pace = 0 } = options
const say = (text: string) => process.stdout.write(`${text}\n`)

const database = await openDatabase({ url, embedded: true })
const demo = demoFlow(database, async (moment, id) => {
  say(`${id} ${moment}`)
  if (moment.endsWith(':begun')) await sleep(pace)
  while (moment === hold && !(release !== undefined && existsSync(release))) await sleep(5)
})
const worker = await startWorker({ url, embedded: true, flows: [demo], version, leaseMs, log: say })
say('ready')
for (const run of runs) await worker.start(demo, { run, n: 7 }, { id: run })
