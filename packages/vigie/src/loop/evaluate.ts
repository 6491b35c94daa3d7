import { labelTarget } from '../define/label.ts'
import type { Project } from '../define/project.ts'
import type { AsOf } from '../domain/as-of.ts'
import type { ModelComparison, ScoredRows } from '../domain/comparison.ts'
import { entityNumbers } from '../domain/entities.ts'
import type { Evidence } from '../domain/promotion/evidence.ts'
import { preconditions } from '../domain/promotion/preconditions.ts'
import { rowsHash } from '../domain/rows-hash.ts'
import { countSample } from '../domain/sample.ts'
import { alphaOfLook } from '../domain/significance/alpha-spending.ts'
import { VigieError } from '../errors.ts'
import type { Ports } from '../ports/ports.ts'
import { type Contest, contestOf } from './contest.ts'
import { type Dataset, labelledRows, split } from './dataset.ts'
import { rowsFor } from './holdout-scores.ts'
import { countedLook } from './look-ledger.ts'
import type { Comparison } from './outcome.ts'
import { keepScoredRows, scoreContest } from './score-contest.ts'
import { type SelectedRows, selectRows } from './select-rows.ts'

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

/**
 * Gathers what the gate decides on: challenger and champion scored on the same held-out rows of `asOf`, which are proven
 * unseen by both. When the proof fails, or the rows are too few, nothing is scored and no look at the holdout is spent.
 */
export async function evaluate(
  ports: Ports,
  project: Project,
  {
    asOf,
    challenger,
    against = null,
  }: {
    readonly asOf: AsOf
    readonly challenger: number
    /** Another than the champion to compare with: then the holdout is looked at for both. */
    readonly against?: number | null
  },
): Promise<EvaluateResult> {
  const contest = await contestOf(ports, project, challenger, against)
  const dataset = await labelledRows(ports, project, asOf)
  const { heldOut } = split(dataset, project.model.holdout)
  const selected = await selectRows(ports, project, contest, heldOut)
  const unscored = await beforeScoring(ports, project, contest, selected)
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
  const { rows } = selected
  const scored = await scoreContest(ports, project, contest, rows)
  await countedForOther(ports, project, contest, rows, unscored.rowsHash)
  const counted = await countedLook(ports, project, contest, rows, unscored.rowsHash)
  const { metric, confidence, looks } = project.promotion
  const compared = await ports.compute.run('compare', {
    scored,
    policy: project.promotion,
    alpha: alphaOfLook(counted.look, 1 - confidence, looks),
    metricNames: project.model.metrics,
  })
  return {
    ...result,
    evidence: {
      ...unscored,
      ...counted,
      ...scoredEvidence(compared, scored),
      guards: { ...compared.guards, ...(await measuredCaps(ports, project, contest, rows)) },
      scoredRows: await keepScoredRows(ports, scored),
    },
    comparison: comparisonIn(metric, contest, compared, rows.rows.keys.length),
  }
}

/** The champion's own figures were seen when it was judged; those of any other version are looked at now. */
async function countedForOther(
  ports: Ports,
  project: Project,
  { champion, epoch }: Contest,
  rows: Dataset,
  hash: string,
): Promise<void> {
  const reigning = await ports.registry.champion(project.model.name)
  if (champion === null || champion.version === reigning?.version) return
  await countedLook(ports, project, { challenger: champion, epoch }, rows, hash)
}

/** What is known of models and rows without a score. */
async function beforeScoring(
  ports: Ports,
  project: Project,
  { challenger, champion, unreadable }: Contest,
  { rows, selection, overlap }: SelectedRows,
): Promise<Evidence> {
  const policy = await ports.registry.policy(challenger.policyHash)
  if (!policy) {
    throw new VigieError('internal', `nobody kept the policy under which v${challenger.version} was trained`, {
      value: challenger.policyHash,
    })
  }
  const { keys, label } = rows.rows
  const sample = countSample(labelTarget(project.label), label, entityNumbers(keys))
  return {
    format: 2,
    policyHash: challenger.policyHash,
    policyFrozenAt: Date.parse(policy.frozenAt),
    trainedAt: Date.parse(challenger.createdAt),
    firstModel: champion === null,
    ...(unreadable ? { unreadable } : {}),
    championId: champion && `v${champion.version}`,
    challengerId: `v${challenger.version}`,
    rowsHash: rowsHash(rows.rows, rows.asOf),
    overlap,
    sample: { ...sample, maturedShare: rows.labelledShare },
    selection,
    look: null,
    ledger: null,
    gain: null,
    floorLower: null,
    guards: {},
    slices: null,
    unjudgedSlices: null,
    baseRates: null,
    scoredRows: null,
    metrics: null,
  }
}

/** What the gate reads of the scores: the same from the stored scores again, bit for bit. */
export function scoredEvidence(
  { gain, floorLower, slices, unjudged, metrics }: ModelComparison,
  { kind, y, trainingBaseRate }: ScoredRows,
): Pick<Evidence, 'gain' | 'floorLower' | 'slices' | 'unjudgedSlices' | 'baseRates' | 'metrics'> {
  return {
    gain: gain && {
      estimate: gain.estimate,
      se: gain.se,
      df: gain.df,
      ...(gain.resampled ? { resampled: gain.resampled } : {}),
    },
    floorLower,
    slices,
    unjudgedSlices: unjudged,
    baseRates:
      kind === 'binary' && trainingBaseRate !== null
        ? { evaluated: y.reduce((sum, label) => sum + label, 0) / y.length, trained: trainingBaseRate }
        : null,
    metrics,
  }
}

/** What the policy caps of the challenger alone. */
async function measuredCaps(
  ports: Ports,
  project: Project,
  { challenger }: Contest,
  dataset: Dataset,
): Promise<Evidence['guards']> {
  const { latencyMs, sizeBytes } = project.promotion.guards
  if (!latencyMs) return sizeBytes ? { sizeBytes: { value: challenger.artefactBytes } } : {}
  const { p99Ms } = await ports.compute.run('latency', {
    artefact: await ports.artefacts.get(challenger.artefact),
    rows: await rowsFor(ports, project, challenger, dataset),
  })
  return {
    latencyMs: { value: p99Ms },
    ...(sizeBytes ? { sizeBytes: { value: challenger.artefactBytes } } : {}),
  }
}

function comparisonIn(
  metric: Project['promotion']['metric'],
  { challenger, champion }: Contest,
  { metrics, gain }: ModelComparison,
  rows: number,
): Comparison {
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
