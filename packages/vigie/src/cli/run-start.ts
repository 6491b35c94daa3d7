import path from 'node:path'
import type { Project } from '../define/project.ts'
import { startServer } from '../http/server.ts'
import type { Delivery } from '../loop/closed-loop.ts'
import type { MonthOutcome } from '../loop/outcome.ts'
import type { Ports } from '../ports/ports.ts'
import { deliveriesIn, firstKeys, runId } from './deliveries.ts'
import { type House, openHouse } from './house.ts'
import { askAllTheTime, servedVersion } from './live-requests.ts'
import { count, type ExitStatus, type Output } from './output.ts'
import { serverLogger } from './server-logger.ts'
import { type Flags, settings } from './settings.ts'
import { stopwatch } from './stopwatch.ts'
import { untilStopped } from './until-stopped.ts'
import { watchLoop } from './watch-loop.ts'
import { type LoopWorker, openWorker } from './worker.ts'

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

export async function runStart(job: {
  readonly project: Project
  readonly config: string
  readonly simulate: Simulate
  readonly options: StartOptions
  readonly users: number
  readonly out: Output
}): Promise<ExitStatus | 130> {
  const { project, options, users, out } = job
  const clock = stopwatch()
  const stopped = untilStopped()
  const simulated = users === DEFAULT_USERS ? 'simulated' : `simulated-${users}`
  const resolved = settings({ ...options, config: job.config }, process.env, process.cwd(), simulated)
  const house = await openHouse(resolved, project)
  clock.lap('stores')
  try {
    const months = options.data ?? path.join(house.folder.root, 'months')
    const planted = options.data === undefined ? await simulate(job, months) : new Map<string, string>()
    const deliveries = deliveriesIn(months, project)
    clock.lap('deliveries')
    const anyPort = options.once === true && resolved.port.from === 'default'
    const server = await startServer({
      ports: house.ports,
      project,
      host: resolved.host.value,
      port: anyPort ? 0 : resolved.port.value,
      logger: serverLogger(),
    })
    clock.lap('server')
    try {
      const worker = await openWorker(house, watchLoop(out))
      clock.lap('engine')
      const asking = askAllTheTime(server.url, firstKeys(deliveries[0]!, project), project.entity.key)
      let outcomes: readonly MonthOutcome[] | null
      try {
        outcomes = await takeAll(worker, house, deliveries, planted, stopped, out)
      } finally {
        await worker.stop()
      }
      clock.lap('loop')
      if (outcomes === null) return 130
      const champion = await championOf(house.ports, project)
      const serving = champion && (await servedVersion(server.url, champion.version))
      const live = await asking.stop()
      clock.lap('swap')
      const outcome: StartOutcome = {
        project: project.name,
        months: outcomes,
        champion,
        serving,
        timings: clock.read(),
      }
      out.result(outcome, () => [
        '',
        `${count(live.answered)} requests were answered meanwhile, ${live.failed} failed, by ${live.versions.map((v) => `v${v}`).join(', then ') || 'nobody'}`,
        ...(champion
          ? [`${out.pen.mark('ok')} v${champion.version}, trained on ${champion.trainedAsOf}, is champion`]
          : []),
      ])
      if (options.once !== true) {
        for (const line of addresses(server.url, firstKeys(deliveries[0]!, project)[0], project)) out.line(line)
        await stopped
        out.line('stopping')
      }
      return staysRejected(outcomes) ? 3 : 0
    } finally {
      await server.close()
    }
  } finally {
    await house.close({ andStop: true })
  }
}

async function simulate(
  { simulate: make, users, out }: Parameters<typeof runStart>[0],
  dir: string,
): Promise<ReadonlyMap<string, string>> {
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
  { project }: House,
  deliveries: readonly Delivery[],
  planted: ReadonlyMap<string, string>,
  stopped: Promise<void>,
  out: Output,
): Promise<readonly MonthOutcome[] | null> {
  const outcomes: MonthOutcome[] = []
  for (const delivery of deliveries) {
    const folder = path.basename(delivery.dir)
    const id = await runId('closed_loop', delivery, project)
    const note = planted.get(folder)
    out.line(`  ${out.pen.bold(project.name)}  ${delivery.asOf}  ${folder}${note ? `: ${note}` : ''}`)
    const run = await worker.start(worker.flows.closedLoop, delivery, { id })
    if ((await run.status()) === 'done') out.line(`  ${out.pen.mark('ok')} done before: ${id}`)
    const outcome = await Promise.race([run.result(), stopped.then(() => null)])
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

function addresses(url: string, key: string | undefined, project: Project): readonly string[] {
  const body = JSON.stringify({ [project.entity.key]: key })
  return [
    '',
    `  API       ${url}`,
    `  reports   ${url}/reports`,
    `  metrics   ${url}/metrics`,
    '',
    `Try: curl ${url}/predict -H 'content-type: application/json' -d '${body}'`,
    'Stop with Ctrl-C.',
  ]
}
