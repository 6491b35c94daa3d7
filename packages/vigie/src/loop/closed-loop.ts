import type { Project } from '../define/project.ts'
import type { AsOf } from '../domain/as-of.ts'
import type { Reason } from '../domain/promotion/decision.ts'
import type { Ports } from '../ports/ports.ts'
import type { Approvals } from '../ports/snapshots.ts'
import type { Step } from '../ports/step.ts'
import { type DecideResult, decide } from './decide.ts'
import { type EvaluateResult, evaluate } from './evaluate.ts'
import type { Stage, StageResults, Watcher } from './events.ts'
import { ingest } from './ingest.ts'
import { materialize } from './materialize.ts'
import { type MonitorResult, monitor } from './monitor.ts'
import type { MonthOutcome } from './outcome.ts'
import { promote } from './promote.ts'
import { orHeld, orRejected } from './rejection.ts'
import { train } from './train.ts'

/** What a flow of the loop works with. */
export interface Loop {
  readonly ports: Ports
  readonly project: Project
  readonly step: Step
  readonly watch: Watcher
}

export interface Delivery {
  readonly dir: string
  readonly asOf: AsOf
  readonly correction: boolean
  /** Whose word takes it although rules of severity `hold` are broken. */
  readonly approvals?: Approvals
}

/** The product: a delivery comes in, and the best proven model serves. */
export async function closedLoop(loop: Loop, delivery: Delivery): Promise<MonthOutcome> {
  const taken = await ingestMonth(loop, delivery)
  if ('rejected' in taken) return rejectedMonth(delivery.asOf, taken)
  const { watched, trained } = await monitorMonth(loop, { asOf: delivery.asOf })
  return monthOutcome(taken, watched, trained)
}

/** Validates and commits one snapshot, all or nothing, and puts its values online. */
export async function ingestMonth(loop: Loop, delivery: Delivery): Promise<StageResults['ingest']> {
  const { ports, project } = loop
  const taken = await stage(loop, delivery.asOf, 'ingest', () => orRejected(ingest(ports, project, delivery)))
  if ('rejected' in taken) return taken
  await stage(loop, delivery.asOf, 'materialize', () => materialize(ports, project))
  return taken
}

/** Looks at inputs and outcomes, and trains and compares when the rule of the definition says so. */
export async function monitorMonth(
  loop: Loop,
  dates: { readonly asOf: AsOf; readonly reference?: AsOf },
): Promise<{ readonly watched: MonitorResult; readonly trained: Trained | null }> {
  const { ports, project } = loop
  const watched = await stage(loop, dates.asOf, 'monitor', () => monitor(ports, project, dates))
  return { watched, trained: watched.retrain.triggered ? await trainAndCompare(loop, dates) : null }
}

export type Trained =
  | {
      readonly evaluated: EvaluateResult
      readonly decided: DecideResult
      /** Why the challenger did not become champion although the gate said so. */
      readonly refused: Reason | null
    }
  /** Why there is no challenger. */
  | { readonly held: Reason }

/** Trains a challenger, compares it with the champion on rows that neither has seen, and promotes what is proven. */
export async function trainAndCompare(loop: Loop, { asOf }: { readonly asOf: AsOf }): Promise<Trained> {
  const { ports, project } = loop
  const fitted = await stage(loop, asOf, 'train', (progress) => orHeld(train(ports, project, { asOf }, progress)))
  if ('held' in fitted) return fitted
  const { version } = fitted
  const evaluated = await stage(loop, asOf, 'evaluate', () => evaluate(ports, project, { asOf, challenger: version }))
  const decided = await stage(loop, asOf, 'decide', () => decide(ports, project, evaluated))
  if (decided.outcome !== 'promote') return { evaluated, decided, refused: null }
  const promotion = { decision: decided.id, actor: 'loop' }
  const moved = await stage(loop, asOf, 'promote', () => orHeld(promote(ports, project, promotion)))
  return { evaluated, decided, refused: 'held' in moved ? moved.held : null }
}

/** Spread over 3 s, which is longer than a database takes to restart. Every stage may run again: it finds what it did. */
const RETRIES = 4

/** One durable step, announced to whoever watches. */
async function stage<S extends Stage>(
  { step, watch }: Loop,
  asOf: AsOf,
  name: S,
  body: (progress: (share: number) => void) => Promise<StageResults[S]>,
): Promise<StageResults[S]> {
  let seconds: number | null = null
  const work = async () => {
    watch({ kind: 'started', asOf, stage: name })
    const from = performance.now()
    const value = await body((share) => watch({ kind: 'progress', asOf, stage: name, share }))
    seconds = (performance.now() - from) / 1000
    return value
  }
  const result = await step(name, work, { retries: RETRIES })
  watch({ kind: 'done', asOf, stage: name, result, seconds } as Parameters<Watcher>[0])
  return result
}

function rejectedMonth(asOf: AsOf, ingest: Extract<MonthOutcome['ingest'], { rejected: unknown }>): MonthOutcome {
  return {
    asOf,
    ingest,
    drift: null,
    targetDrift: null,
    retrain: { triggered: false, reason: 'none', triggers: [], text: 'the delivery was rejected: nothing to look at' },
    comparison: null,
    decision: null,
  }
}

function monthOutcome(
  taken: Exclude<StageResults['ingest'], { rejected: unknown }>,
  { asOf, drift, retrain }: MonitorResult,
  trained: Trained | null,
): MonthOutcome {
  return {
    asOf,
    ingest: { rows: taken.rows, snapshot: taken.snapshot },
    drift: drift && {
      share: drift.share,
      referenceShare: drift.referenceShare,
      features: drift.features.map(({ name, test, score, threshold, drifted }) => ({
        name,
        test,
        score,
        threshold,
        drifted,
      })),
      notTestable: drift.notTestable,
    },
    targetDrift: drift?.targetDrift?.difference ?? null,
    retrain,
    ...outcomeOf(trained),
  }
}

function outcomeOf(trained: Trained | null): Pick<MonthOutcome, 'comparison' | 'decision'> {
  if (trained === null) return { comparison: null, decision: null }
  if ('held' in trained) return { comparison: null, decision: { outcome: 'hold', reasons: [trained.held] } }
  const { evaluated, decided, refused } = trained
  const { outcome, reasons } = decided
  const decision = refused ? { outcome: 'hold' as const, reasons: [...reasons, refused] } : { outcome, reasons }
  return { comparison: evaluated.comparison, decision }
}
