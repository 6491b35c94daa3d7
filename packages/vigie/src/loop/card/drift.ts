import type { AsOf } from '../../domain/as-of.ts'
import type { CardDrift, CardReport } from '../../domain/model-card.ts'
import type { Ports } from '../../ports/ports.ts'
import type { MonitorReport } from '../../report/model.ts'

/** What the monitor said of the date of training. Its report may have been deleted, and the first date has none. */
export async function cardDrift(
  ports: Pick<Ports, 'reports'>,
  asOf: AsOf,
): Promise<Pick<CardReport, 'drift' | 'undrifted'>> {
  const text = await ports.reports.read({ kind: 'monitor', asOf }, 'json')
  if (text === null) return { drift: null, undrifted: `the monitor has no report of ${asOf}` }
  const { drift, reference } = JSON.parse(text) as MonitorReport
  const found: CardDrift = {
    asOf,
    reference: reference.asOf,
    share: drift.share,
    judged: drift.features.length,
    drifted: drift.features.filter((feature) => feature.drifted).map(({ name }) => name),
    notTestable: drift.notTestable.map(({ name }) => name),
  }
  return { drift: found, undrifted: null }
}
