import type { Project } from '../define/project.ts'
import { endOfDayMs } from '../domain/as-of.ts'
import type { LookLedger } from '../domain/promotion/evidence.ts'
import type { Ports } from '../ports/ports.ts'
import type { Contest } from './contest.ts'
import type { Dataset } from './dataset.ts'

/**
 * Counts a look at the holdout labels of a date, before anything is computed from them, and says which looks counted
 * before it. The same look again is the same number.
 */
export async function countedLook(
  ports: Ports,
  project: Project,
  { challenger, epoch }: Pick<Contest, 'challenger' | 'epoch'>,
  { asOf, recipe, snapshot }: Dataset,
  rowsHash: string,
): Promise<{ readonly look: number; readonly ledger: LookLedger }> {
  const model = project.model.name
  const decided = new Date(endOfDayMs(asOf) + recipe.label.horizonMs)
  const windowStart = decided.toISOString()
  const { metric } = project.promotion
  const look = await ports.registry.look({
    model,
    epoch,
    challenger: challenger.version,
    rowsHash,
    metric,
    windowStart,
  })
  const earlier = (await ports.registry.looks({ model, epoch, windowStart })).filter(({ number }) => number < look)
  const previous = earlier.at(-1)
  // All labels of a date are there from one moment on: when they were decided and delivered.
  const arrived = Math.max(decided.getTime(), Date.parse(snapshot.ingestedAt))
  const fresh = previous === undefined || arrived > Date.parse(previous.at)
  return {
    look,
    ledger: {
      earlier: earlier.map(({ number, challenger, metric, rowsHash }) => ({ number, challenger, metric, rowsHash })),
      freshShare: fresh ? 1 : 0,
    },
  }
}
