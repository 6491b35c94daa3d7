import { labelTarget } from '../define/label.ts'
import type { Project } from '../define/project.ts'
import type { ScoredRows } from '../domain/comparison.ts'
import { entityNumbers } from '../domain/entities.ts'
import { artefactHeader } from '../domain/model/artefact.ts'
import { rowsHash } from '../domain/rows-hash.ts'
import { packScoredRows, scoredRowsBytes } from '../domain/scored-rows.ts'
import { sliceHalves } from '../domain/slices/half.ts'
import type { Ports } from '../ports/ports.ts'
import type { ModelVersion } from '../ports/registry.ts'
import type { Contest } from './contest.ts'
import type { Dataset } from './dataset.ts'
import { scores } from './holdout-scores.ts'

/** Both versions on the same rows, with all that a comparison of them is computed from. Each keeps its own threshold. */
export async function scoreContest(
  ports: Ports,
  project: Project,
  { champion, challenger }: Pick<Contest, 'champion' | 'challenger'>,
  dataset: Dataset,
): Promise<ScoredRows> {
  const [ofChampion, ofChallenger] = await Promise.all([
    champion && scores(ports, project, champion, dataset),
    scores(ports, project, challenger, dataset),
  ])
  const { keys, label, spec, columns } = dataset.rows
  return {
    kind: labelTarget(project.label).kind,
    y: label,
    entities: entityNumbers(keys),
    halves: sliceHalves(keys),
    champion: ofChampion,
    challenger: ofChallenger,
    thresholds: {
      champion: champion && (await ownThreshold(ports, champion)),
      challenger: await ownThreshold(ports, challenger),
    },
    spec,
    columns,
    trainingBaseRate: challenger.trainingBaseRate,
    hashes: {
      rows: rowsHash(dataset.rows, dataset.asOf),
      champion: champion?.artefact ?? null,
      challenger: challenger.artefact,
    },
  }
}

/** The threshold that a version serves with; null where there are not two classes. */
async function ownThreshold(ports: Ports, version: ModelVersion): Promise<number | null> {
  return artefactHeader(await ports.artefacts.get(version.artefact)).threshold
}

const MOST_BYTES = 64 * 1024 * 1024

/** Keeps the scored rows for replay, and returns their hash. Null when they are too large to keep with every look. */
export async function keepScoredRows(ports: Ports, scored: ScoredRows): Promise<string | null> {
  const { y, champion, challenger, columns } = scored
  const width = challenger.length / y.length
  const numbersARow = 1 + width * (champion === null ? 1 : 2) + columns.length
  if (scoredRowsBytes(y.length, numbersARow) > MOST_BYTES) return null
  return ports.artefacts.put(packScoredRows(scored))
}
