import type { Project } from '../define/project.ts'
import type { AsOf } from '../domain/as-of.ts'
import { countSample, type ModelComparison } from '../domain/comparison.ts'
import type { Evidence } from '../domain/promotion/evidence.ts'
import { preconditions } from '../domain/promotion/preconditions.ts'
import { rowsHash } from '../domain/rows-hash.ts'
import { VigieError } from '../errors.ts'
import type { Ports } from '../ports/ports.ts'
import type { ModelVersion } from '../ports/registry.ts'
import { type Dataset, labelledRows, split } from './dataset.ts'
import { lackingInputs, modelVersion, scores } from './holdout-scores.ts'
import type { Comparison } from './outcome.ts'
import { seenBy } from './unseen.ts'

export interface EvaluateResult {
  readonly asOf: AsOf
  readonly challenger: number
  readonly champion: number | null
  /** Of the champion's reign; 0 when there is none. */
  readonly championEpoch: number
  readonly evidence: Evidence
  /** Held-out rows that were left out because a feature that is not optional has no value. */
  readonly incomplete: number
  /** Held-out rows that were left out because their label came before the outcome was decided. */
  readonly immature: number
  /** Null when the models could not be compared on these rows, so nothing was scored. */
  readonly comparison: Comparison | null
}

interface Contest {
  readonly challenger: ModelVersion
  readonly champion: ModelVersion | null
  readonly epoch: number
  /** A champion that cannot be scored under the definition, and so answers nobody: there is none to beat. */
  readonly unreadable: Evidence['unreadable']
}

/**
 * Gathers what the gate decides on: challenger and champion scored on the same held-out rows of `asOf`, which are proven
 * unseen by both. When the proof fails, or the rows are too few, nothing is scored and no look at the holdout is spent.
 */
export async function evaluate(
  ports: Ports,
  project: Project,
  { asOf, challenger }: { readonly asOf: AsOf; readonly challenger: number },
): Promise<EvaluateResult> {
  const contest = await contestOf(ports, project, challenger)
  const dataset = await labelledRows(ports, project, asOf)
  const { heldOut } = split(dataset, project.model.holdout)
  const unscored = await beforeScoring(ports, contest, heldOut)
  const result = {
    asOf,
    challenger,
    champion: contest.champion?.version ?? null,
    championEpoch: contest.epoch,
    incomplete: heldOut.incomplete,
    immature: heldOut.immature,
  }
  if (preconditions(unscored, project.promotion).some(({ kind }) => kind === 'hold')) {
    return { ...result, evidence: unscored, comparison: null }
  }
  const compared = await compare(ports, project, contest, heldOut)
  const look = await ports.registry.look({
    model: project.model.name,
    epoch: contest.epoch,
    challenger,
    rowsHash: unscored.rowsHash,
    metric: project.promotion.metric,
  })
  const { metrics, gain, guards, floorLower } = compared
  return {
    ...result,
    evidence: {
      ...unscored,
      look,
      gain: gain && { estimate: gain.estimate, se: gain.se, df: gain.df },
      floorLower,
      guards: { ...guards, ...measuredCaps(project, contest.challenger) },
      slices: [],
      metrics,
    },
    comparison: comparison(project, contest, compared, heldOut.rows.keys.length),
  }
}

async function contestOf(ports: Ports, project: Project, challenger: number): Promise<Contest> {
  const reign = await ports.registry.champion(project.model.name)
  const found = {
    challenger: await modelVersion(ports, project, challenger),
    champion: reign && (await modelVersion(ports, project, reign.version)),
    epoch: reign?.epoch ?? 0,
  }
  const lacking = found.champion && (await lackingInputs(ports, project, found.champion))
  if (!found.champion || !lacking || lacking.length === 0) return { ...found, unreadable: null }
  return { ...found, champion: null, unreadable: { id: `v${found.champion.version}`, lacking } }
}

/** What is known of models and rows without a score. */
async function beforeScoring(
  ports: Ports,
  { challenger, champion, unreadable }: Contest,
  heldOut: Dataset,
): Promise<Evidence> {
  const policy = await ports.registry.policy(challenger.policyHash)
  if (!policy) {
    throw new VigieError('internal', `nobody kept the policy under which v${challenger.version} was trained`, {
      value: challenger.policyHash,
    })
  }
  const { keys, label } = heldOut.rows
  const { secret } = ports.fingerprintKey
  const rows = { keys, fingerprints: await ports.compute.run('fingerprints', { secret, keys, asOf: heldOut.asOf }) }
  return {
    policyHash: challenger.policyHash,
    policyFrozenAt: Date.parse(policy.frozenAt),
    trainedAt: Date.parse(challenger.createdAt),
    firstModel: champion === null,
    ...(unreadable ? { unreadable } : {}),
    championId: champion && `v${champion.version}`,
    challengerId: `v${challenger.version}`,
    rowsHash: rowsHash(heldOut.rows, heldOut.asOf),
    overlap: {
      champion: champion && (await seenBy(ports, champion, rows)),
      challenger: await seenBy(ports, challenger, rows),
    },
    sample: { ...countSample(label, keys), maturedShare: heldOut.labelledShare },
    look: null,
    gain: null,
    floorLower: null,
    guards: {},
    slices: null,
    metrics: null,
  }
}

async function compare(
  ports: Ports,
  project: Project,
  { challenger, champion }: Contest,
  heldOut: Dataset,
): Promise<ModelComparison> {
  const [ofChampion, ofChallenger] = await Promise.all([
    champion && scores(ports, project, champion, heldOut),
    scores(ports, project, challenger, heldOut),
  ])
  const { threshold, metrics } = project.model
  return ports.compute.run('compare', {
    y: heldOut.rows.label,
    keys: heldOut.rows.keys,
    champion: ofChampion,
    challenger: ofChallenger,
    thresholds: { champion: champion && threshold, challenger: threshold },
    policy: project.promotion,
    trainingBaseRate: challenger.trainingBaseRate,
    metricNames: metrics,
  })
}

/** What the policy caps of the challenger alone. */
function measuredCaps(project: Project, { artefactBytes }: ModelVersion): Evidence['guards'] {
  return project.promotion.guards.sizeBytes ? { sizeBytes: { value: artefactBytes } } : {}
}

function comparison(
  project: Project,
  { challenger, champion }: Contest,
  { metrics, gain }: ModelComparison,
  rows: number,
): Comparison {
  const { metric } = project.promotion
  const value = (of: ModelComparison['metrics']['challenger']): number => {
    const found = of[metric]
    if (found === undefined) throw new VigieError('internal', `${metric} was not computed`)
    return found
  }
  return {
    metric,
    candidate: { version: challenger.version, value: value(metrics.challenger) },
    champion: champion && metrics.champion && { version: champion.version, value: value(metrics.champion) },
    gain: gain && { estimate: gain.estimate, low: gain.low, high: gain.high, method: gain.method },
    rows,
  }
}
