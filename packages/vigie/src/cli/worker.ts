import { startWorker, type Worker } from '../adapters/dbos/worker.ts'
import { flowsOf } from '../flows/catalogue.ts'
import type { Watcher } from '../loop/events.ts'
import { VERSION } from '../version.ts'
import type { House } from './house.ts'

export interface LoopWorker extends Pick<Worker, 'start' | 'stop'> {
  readonly flows: ReturnType<typeof flowsOf>
}

/** The worker of this process, with the flows of the project. */
export async function openWorker({ ports, project, record }: House, watch: Watcher): Promise<LoopWorker> {
  const flows = flowsOf(ports, project, watch)
  const worker = await startWorker({ ...record.location, version: VERSION, flows: Object.values(flows) })
  return { flows, start: worker.start, stop: worker.stop }
}
