import { EXPOSURES, METRICS, type PromotionPolicy } from '../policy.ts'
import { hasClosedForm } from '../significance/metric-inference.ts'
import type { Reason } from './decision.ts'
import type { Claimed, Evidence, SliceEvidence } from './evidence.ts'
import { mismatch, missing, unreadable } from './unreadable.ts'

const KINDS: readonly unknown[] = ['binary', 'classes', 'number']
const OF_EVIDENCE = ['ledger', 'selection', 'unjudgedSlices', 'baseRates', 'scoredRows'] as const
const OF_SAMPLE = ['kind', 'rows', 'rarest', 'largestShare'] as const

/**
 * Whether evidence is whole: what its format has is there, and says the same where it says it twice. Evidence from before
 * formats were numbered has none of what came later, so a number that was lost is no way around it.
 */
export function formatRule(evidence: Claimed<Evidence>, policy: PromotionPolicy): readonly Reason[] {
  const { format, sample } = evidence
  if (format !== 2) {
    const later =
      format !== undefined ||
      OF_EVIDENCE.some((field) => evidence[field] !== undefined) ||
      OF_SAMPLE.some((field) => sample?.[field] !== undefined)
    return later ? [missing('format')] : []
  }
  const scored = evidence.look !== null
  return [
    ...(typeof evidence.firstModel === 'boolean' ? [] : [missing('firstModel')]),
    ...sampleAgrees(sample),
    ...selectionAgrees(evidence, policy),
    ...(scored
      ? [
          ...ledgerAgrees(evidence),
          ...scoredAgrees(evidence),
          ...slicesWhole(evidence.slices),
          ...boundsThere(evidence, policy),
        ]
      : []),
  ]
}

function sampleAgrees(sample: Claimed<Evidence>['sample']): readonly Reason[] {
  if (sample === undefined || sample === null) return [missing('sample')]
  const { kind, rows, positives, negatives, largestShare } = sample
  if (!KINDS.includes(kind)) return [missing('sample', 'sample.kind')]
  const bad = unreadable('sample', { rows: [rows, 0], largestShare: [largestShare, 0] })
  if (bad) return [bad]
  if (kind !== 'binary') return []
  const counted = Number(positives) + Number(negatives)
  return counted === rows
    ? []
    : [mismatch('sample', `${rows} rows are not ${positives} and ${negatives} of the classes`)]
}

function selectionAgrees(
  { selection, sample, championId }: Claimed<Evidence>,
  policy: PromotionPolicy,
): readonly Reason[] {
  if (selection === undefined || selection === null) return [missing('selection')]
  const { held, used, exposure } = selection
  const bad = unreadable('selection', { held: [held, 0], used: [used, 0] })
  if (bad) return [bad]
  if (!EXPOSURES.includes(exposure as 'both')) return [missing('selection', 'selection.exposure')]
  if (championId !== null && exposure !== (policy.exposure ?? 'neither')) {
    return [mismatch('selection', `the rows are those of exposure "${exposure}", which is not the policy's`)]
  }
  if (used !== sample?.rows || (held as number) < (used as number)) {
    return [mismatch('selection', `${used} of ${held} rows were taken and ${sample?.rows} are there`)]
  }
  return []
}

function ledgerAgrees({ ledger, look }: Claimed<Evidence>): readonly Reason[] {
  if (ledger === undefined || ledger === null || !Array.isArray(ledger.earlier)) return [missing('ledger')]
  const bad = unreadable('ledger', { freshShare: [ledger.freshShare, 0] })
  if (bad) return [bad]
  const { length } = ledger.earlier
  return look === length + 1 ? [] : [mismatch('ledger', `look ${look} follows ${length} looks`)]
}

function scoredAgrees({
  scoredRows,
  unjudgedSlices,
  baseRates,
  sample,
  firstModel,
}: Claimed<Evidence>): readonly Reason[] {
  const reasons: Reason[] = []
  if (scoredRows !== null && (typeof scoredRows !== 'string' || scoredRows === '')) reasons.push(missing('scoredRows'))
  if (firstModel !== true && !Array.isArray(unjudgedSlices)) reasons.push(missing('unjudgedSlices'))
  if (sample?.kind !== 'binary') return reasons
  if (baseRates === undefined || baseRates === null) return [...reasons, missing('baseRates')]
  const bad = unreadable('baseRates', { evaluated: [baseRates.evaluated, 0], trained: [baseRates.trained, 0] })
  return bad ? [...reasons, bad] : reasons
}

/** Slices that are absent are the slice rule's to say. */
function slicesWhole(slices: Claimed<Evidence>['slices']): readonly Reason[] {
  if (!Array.isArray(slices)) return []
  return slices.flatMap((slice: Claimed<SliceEvidence> | null, i): readonly Reason[] => {
    const certain = slice?.se === 0 && slice.df === null
    const bad = unreadable('slices', {
      [`${i}.rows`]: [slice?.rows, 1],
      [`${i}.se`]: [slice?.se, 0],
      ...(certain ? {} : { [`${i}.df`]: [slice?.df, Number.MIN_VALUE] as const }),
    })
    return bad ? [bad] : []
  })
}

/** What was resampled is guarded by the bound of the resamples: a standard error alone is another, laxer statement. */
function boundsThere({ guards, sample, firstModel }: Claimed<Evidence>, policy: PromotionPolicy): readonly Reason[] {
  if (firstModel === true) return []
  return METRICS.filter((metric) => policy.guards[metric] && !hasClosedForm(metric, { kind: sample?.kind ?? 'binary' }))
    .filter((metric) => (guards?.[metric] as { readonly lower?: unknown } | null | undefined)?.lower === undefined)
    .map((metric) => missing(`guards.${metric}`, `guards.${metric}.lower`))
}
