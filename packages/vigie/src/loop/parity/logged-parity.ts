import { viewInputs } from '../../define/model-input.ts'
import type { Project } from '../../define/project.ts'
import { canonicalJson } from '../../domain/canonical-json.ts'
import type { FeatureColumn } from '../../domain/feature-spec.ts'
import type { OnlineRequest } from '../../ports/online-store.ts'
import type { Ports } from '../../ports/ports.ts'
import { catalogue } from '../view-versions.ts'
import { type Comparison, compareAnswers, together } from './compare.ts'

/** Compares the newest vectors that models were given with the join at the time of each. */
export async function loggedParity(
  ports: Pick<Ports, 'offline' | 'online' | 'snapshots' | 'served'>,
  project: Project,
  { rows }: { readonly rows: number },
): Promise<Comparison> {
  const listed = await catalogue(ports)
  let all: Comparison = { rows: 0, equal: 0, differences: [], incomparable: 0 }
  for await (const batch of ports.served.newest(rows)) {
    all = together(
      all,
      stillDefined(project, batch.request)
        ? await compareAnswers(ports, project, batch.request, batch.rows, listed)
        : { rows: 0, equal: 0, differences: [], incomparable: batch.rows.length },
    )
  }
  return all
}

/** A vector of another definition means something else: the history is read under the one that is now. */
function stillDefined(project: Project, { features }: OnlineRequest): boolean {
  const meaning = ({ type, categories, lag }: FeatureColumn) => canonicalJson([type, categories ?? null, lag ?? null])
  const defined = new Map(
    [...new Set(features.map(({ view }) => view))]
      .flatMap((view) => viewInputs(project, view))
      .map((column) => [column.name, meaning(column)]),
  )
  return features.every((column) => defined.get(column.name) === meaning(column))
}
