import path from 'node:path'
import type { Project } from '../define/project.ts'
import type { AsOf } from '../domain/as-of.ts'
import type { Delivery } from '../loop/closed-loop.ts'
import type { MonthOutcome } from '../loop/outcome.ts'
import type { Ports } from '../ports/ports.ts'
import { deliveriesIn, firstKeys, runId } from './deliveries.ts'
import { type House, openHouse } from './house.ts'
import { askAllTheTime, type LiveRequests, servedVersion } from './live-requests.ts'
import { deliveryLines } from './loop-lines.ts'
import { count, type ExitStatus, type Output } from './output.ts'
import { type Flags, type Settings, settings } from './settings.ts'
import { stopwatch } from './stopwatch.ts'
import { STOPPED_STATUS, type StopSignal, untilStopped } from './until-stopped.ts'
import { watchLoop } from './watch-loop.ts'
import type { LoopWorker } from './worker.ts'

/** Makes deliveries when no real ones are given. Returns what is planted in each folder. */
export type Simulate = (options: {
  readonly dir: string
  readonly users: number
  readonly onProgress: (share: number) => void
}) => Promise<ReadonlyMap<string, string>>

export interface StartOptions extends Flags {
  readonly once?: boolean
  readonly json?: boolean
  readonly ascii?: boolean
  readonly users: string
}

/** The outcome of a whole start, as `--json` prints it. */
interface StartOutcome {
  readonly project: string
  readonly months: readonly MonthOutcome[]
  readonly champion: { readonly version: number; readonly trainedAsOf: string } | null
  readonly serving: { readonly version: number } | null
  /** Milliseconds. */
  readonly timings: Readonly<Record<string, number>>
}

const DEFAULT_USERS = 7043

/** What a start was asked for. */
export interface StartJob {
  readonly project: Project
  readonly config: string
  readonly simulate: Simulate
  readonly options: StartOptions
  readonly users: number
  readonly out: Output
}

/** Runs the main job and says with which status to exit: the signal's when one came before the loop was done. */
export async function runStart(job: StartJob): Promise<ExitStatus | (typeof STOPPED_STATUS)[StopSignal]> {
  const { project, options, out } = job
  const clock = stopwatch()
  const stopped = untilStopped()
  // without months nothing is made
  if (options.data !== undefined) deliveriesIn(options.data, project)
  await using closing = new AsyncDisposableStack()
  const opening = openHouse(settingsOf(job), project)
  const loading = loadProgram()
  const house = closing.adopt(await opening, (opened) => opened.close({ andStop: true }))
  const { startServer, serverLogger, openWorker } = await loading
  clock.lap('stores')
  const { deliveries, planted } = await deliveriesOf(job, house)
  clock.lap('deliveries')
  const { host, port } = apiAddress(job)
  const server = closing.adopt(
    await startServer({ ports: house.ports, project, host, port, logger: serverLogger() }),
    (running) => running.close(),
  )
  clock.lap('server')
  const asking = askAllTheTime(server.url, firstKeys(deliveries[0]!, project), project.entity.key)
  closing.defer(async () => void (await asking.stop()))
  const worker = await openWorker(house, watchLoop(out))
  clock.lap('engine')
  const outcomes = await takeAll(worker, house, deliveries, planted, stopped, out).finally(worker.stop)
  clock.lap('loop')
  if (outcomes === null) return STOPPED_STATUS[await stopped]
  const champion = await championOf(house.ports, project)
  const serving = champion && (await servedVersion(server.url, champion.version))
  clock.lap('swap')
  const live = await asking.stop()
  const outcome: StartOutcome = { project: project.name, months: outcomes, champion, serving, timings: clock.read() }
  out.result(outcome, () => verdict(outcome, live, out))
  if (options.once !== true) {
    const monitored = (await house.ports.reports.list()).filter(({ kind }) => kind === 'monitor')
    const newestReport = monitored.at(-1)?.asOf ?? null
    const key = firstKeys(deliveries[0]!, project)[0]
    for (const line of addresses(server.url, key, newestReport, project)) out.line(line)
    await stopped
    out.line('stopping')
  }
  return staysRejected(outcomes) ? 3 : 0
}

/** Each number of simulated users has a state folder of its own: other months are other data. */
function settingsOf({ config, options, users }: StartJob): Settings {
  const simulated = users === DEFAULT_USERS ? 'simulated' : `simulated-${users}`
  return settings({ ...options, config }, process.env, process.cwd(), simulated)
}

async function deliveriesOf(job: StartJob, { folder, project }: House) {
  const { data } = job.options
  const months = data ?? path.join(folder.root, 'months')
  const planted = data === undefined ? await simulate(job, months) : new Map<string, string>()
  return { deliveries: deliveriesIn(months, project), planted }
}

/** The bulk of the program: 0.3 s of loading that pass while Postgres starts. */
async function loadProgram() {
  const [{ startServer }, { serverLogger }, { openWorker }, { loadDuckDb }] = await Promise.all([
    import('../http/server.ts'),
    import('./server-logger.ts'),
    import('./worker.ts'),
    import('../adapters/duckdb/database.ts'),
  ])
  await loadDuckDb()
  return { startServer, serverLogger, openWorker }
}

/** Where the API listens. With `--once` it must not fail because another start holds the usual port. */
function apiAddress(job: StartJob): { readonly host: string; readonly port: number } {
  const { host, port } = settingsOf(job)
  const anyPort = job.options.once === true && port.from === 'default'
  return { host: host.value, port: anyPort ? 0 : port.value }
}

async function simulate({ simulate: make, users, out }: StartJob, dir: string): Promise<ReadonlyMap<string, string>> {
  const planted = await make({
    dir,
    users,
    onProgress: (share) => out.progress(`simulating ${count(users)} subscribers ${Math.round(share * 100)} %`),
  })
  out.progress(null)
  return planted
}

/** Every delivery through the closed loop, in order. Null when a signal came first. */
async function takeAll(
  worker: LoopWorker,
  { project, ports, record }: House,
  deliveries: readonly Delivery[],
  planted: ReadonlyMap<string, string>,
  stopped: Promise<StopSignal>,
  out: Output,
): Promise<readonly MonthOutcome[] | null> {
  const outcomes: MonthOutcome[] = []
  for (const delivery of deliveries) {
    const folder = path.basename(delivery.dir)
    const latest = await ports.snapshots.latest(delivery.asOf)
    const id = await runId('closed_loop', delivery, project, latest?.approvals)
    for (const line of deliveryLines(project.name, delivery.asOf, folder, planted.get(folder), out.pen)) out.line(line)
    const run = await worker.start(worker.flows.closedLoop, delivery, { id })
    if ((await run.status()) === 'done') out.line(`  ${out.pen.mark('ok')} done before: ${id}`)
    const outcome = await Promise.race([run.result(), stopped.then(() => null), record.gone])
    if (outcome === null) return null
    outcomes.push(outcome)
  }
  return outcomes
}

async function championOf(ports: Ports, project: Project): Promise<StartOutcome['champion']> {
  const reign = await ports.registry.champion(project.model.name)
  const model = reign && (await ports.registry.version(project.model.name, reign.version))
  return model && { version: model.version, trainedAsOf: model.trainedAsOf }
}

/** A month that was rejected and then delivered complete is in. */
function staysRejected(outcomes: readonly MonthOutcome[]): boolean {
  const last = new Map(outcomes.map((outcome) => [outcome.asOf, outcome]))
  return [...last.values()].some(({ ingest }) => 'rejected' in ingest)
}

function verdict({ champion }: StartOutcome, live: LiveRequests, out: Output): readonly string[] {
  const versions = live.versions.map((version) => `v${version}`).join(', then ')
  const answered = `${count(live.answered)} requests answered meanwhile, ${live.failed} failed`
  return [
    '',
    versions ? `${answered}: ${versions}` : answered,
    champion === null
      ? `${out.pen.mark('none')} there is no champion`
      : `${out.pen.mark('ok')} v${champion.version}, trained on ${champion.trainedAsOf}, is champion`,
  ]
}

function addresses(
  url: string,
  key: string | undefined,
  newestReport: AsOf | null,
  project: Project,
): readonly string[] {
  const body = JSON.stringify({ [project.entity.key]: key })
  return [
    '',
    `  API       ${url}`,
    ...(newestReport === null ? [] : [`  report    ${url}/reports/${newestReport}`]),
    `  metrics   ${url}/metrics`,
    '',
    `Try: curl ${url}/predict -H 'content-type: application/json' -d '${body}'`,
    'Stop with Ctrl-C.',
  ]
}
