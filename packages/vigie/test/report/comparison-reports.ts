import { asOf } from '../../src/domain/as-of.ts'
import { comparisonDetails } from '../../src/domain/comparison-details.ts'
import { oneRowEach } from '../../src/domain/entities.ts'
import type { Target } from '../../src/domain/model/target.ts'
import { metricsFor } from '../../src/domain/policy.ts'
import { decidePromotion } from '../../src/domain/promotion/decide-promotion.ts'
import type { Evidence } from '../../src/domain/promotion/evidence.ts'
import { policyHash } from '../../src/domain/promotion/policy-hash.ts'
import { seededRandom } from '../../src/domain/random.ts'
import type { ComparisonReport } from '../../src/report/comparison/model.ts'
import { HOSTILE_NAMES } from './reports.ts'

export const BINARY: Target = { kind: 'binary', classes: ['false', 'true'] }

const policy: ComparisonReport['policy'] = {
  metric: 'auc',
  minGain: 0.01,
  confidence: 0.95,
  looks: 52,
  floor: 0.5,
  minPositives: 30,
  minNegatives: 30,
  minEntities: 100,
  minMaturedShare: 0.95,
  guards: { f1: { maxDrop: 0.02 } },
  sliceAlpha: 0.03,
  sliceMinHarm: 0.002,
}

/** Two models of planted quality on rows of a target; `first` leaves the champion out. */
export function comparisonReport({
  target = BINARY,
  rows = 1500,
  first = false,
  ...rest
}: { readonly target?: Target; readonly rows?: number; readonly first?: boolean } & Partial<ComparisonReport> = {}) {
  const random = seededRandom(11)
  const width = target.kind === 'classes' ? target.classes.length : 1
  const y = new Float64Array(rows)
  const [worse, better] = [new Float64Array(rows * width), new Float64Array(rows * width)]
  for (let row = 0; row < rows; row++) {
    const truth = random.unit()
    const noise = [random.unit(), random.unit()]
    y[row] = target.kind === 'number' ? truth * 40 : Math.floor(truth * Math.max(2, width))
    for (const [i, scores] of [worse, better].entries()) {
      const seen = (i === 0 ? 0.3 : 0.7) * truth + (i === 0 ? 0.7 : 0.3) * noise[i]!
      if (target.kind === 'classes') scores.set(spread(seen, width), row * width)
      else scores[row] = target.kind === 'number' ? seen * 40 : seen
    }
  }
  const metric = target.kind === 'number' ? 'rmse' : 'auc'
  const binary = target.kind === 'binary'
  const details = comparisonDetails({
    scored: {
      kind: target.kind,
      y,
      entities: oneRowEach(rows),
      halves: new Uint8Array(rows),
      champion: first ? null : worse,
      challenger: better,
      thresholds: { champion: binary ? 0.5 : null, challenger: binary ? 0.45 : null },
      spec: [],
      columns: [],
      trainingBaseRate: binary ? 0.5 : null,
      hashes: { rows: 'a'.repeat(64), champion: first ? null : 'b'.repeat(64), challenger: 'c'.repeat(64) },
    },
    metricNames: metricsFor(target),
  })
  const gain = details.metrics.find((one) => one.metric === metric)?.gain
  const evidence: Evidence = {
    policyHash: policyHash({ ...policy, metric }),
    policyFrozenAt: 0,
    trainedAt: 1,
    firstModel: first,
    championId: first ? null : 'v1',
    challengerId: 'v2',
    rowsHash: 'a'.repeat(64),
    look: 1,
    overlap: { champion: first ? null : { rows: 0, entities: 0 }, challenger: { rows: 0, entities: 0 } },
    sample: { positives: rows / 2, negatives: rows / 2, entities: rows, maturedShare: 1 },
    gain: gain ? { estimate: gain.value, se: (gain.high - gain.low) / 3.92, df: 900 } : null,
    floorLower: first ? 0.7 : null,
    guards: { f1: { drop: -0.1, se: 0.02 } },
    slices: HOSTILE_NAMES.map((name, i) => ({
      name,
      p: i === 0 ? 1e-6 : 0.4,
      harm: i === 0 ? 0.05 : -0.01 * i,
      rows: 100 + i,
      se: 0.01,
      df: 80,
    })),
    metrics: null,
  }
  const decided = decidePromotion(evidence, { ...policy, metric })
  const report: ComparisonReport = {
    project: 'streamflow',
    model: 'streamflow_churn',
    asOf: asOf('2024-02-29'),
    target,
    challenger: compared(2, target),
    champion: first ? null : compared(1, target),
    againstChampion: true,
    decision: '0123456789abcdef',
    outcome: decided.outcome,
    reasons: decided.reasons,
    policy: { ...policy, metric },
    evidence,
    details,
    incomplete: 3,
    generatedBy: 'vigie 0.0.0',
    ...rest,
  }
  return report
}

function compared(version: number, target: Target): ComparisonReport['challenger'] {
  return {
    version,
    trainedAsOf: asOf('2024-01-31'),
    trainingRows: 5261,
    trainer: 'randomForest',
    threshold: target.kind === 'binary' ? 0.5 : null,
    artefact: 'b'.repeat(64),
  }
}

/** Probabilities that are highest about the class that was seen. */
function spread(seen: number, width: number): readonly number[] {
  const weights = Array.from({ length: width }, (_, k) => Math.exp(-8 * Math.abs(seen - (k + 0.5) / width)))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}
