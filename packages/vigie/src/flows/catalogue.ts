import type { Project } from '../define/project.ts'
import type { AsOf } from '../domain/as-of.ts'
import { closedLoop, type Delivery, ingestMonth, monitorMonth, trainAndCompare } from '../loop/closed-loop.ts'
import type { Watcher } from '../loop/events.ts'
import type { Ports } from '../ports/ports.ts'
import type { Step } from '../ports/step.ts'
import { flow } from './flow.ts'

/** The durable flows of a project, under the names that users of the reference stack know. */
export function flowsOf(ports: Ports, project: Project, watch: Watcher) {
  const loop = (step: Step) => ({ ports, project, step, watch })
  return {
    ingestMonth: flow('ingest_month', (step, delivery: Delivery) => ingestMonth(loop(step), delivery)),
    monitorMonth: flow('monitor_month', (step, dates: { readonly asOf: AsOf; readonly reference?: AsOf }) =>
      monitorMonth(loop(step), dates),
    ),
    trainAndCompare: flow('train_and_compare', (step, month: { readonly asOf: AsOf }) =>
      trainAndCompare(loop(step), month),
    ),
    closedLoop: flow('closed_loop', (step, delivery: Delivery) => closedLoop(loop(step), delivery)),
  }
}
