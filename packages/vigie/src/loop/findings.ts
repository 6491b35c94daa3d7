import type { BrokenRule } from '../domain/contract.ts'
import { VigieError } from '../errors.ts'
import type { CheckedFile } from '../ports/compute.ts'
import type { GatedFile } from './gates.ts'

/** How the check of one file ended. */
export interface CheckEnd {
  readonly source: string
  readonly checked: CheckedFile | null
  readonly refusal: VigieError | null
}

/** What an ingest learns of a delivery on its way, whether it is taken or not: for its report. */
export interface Findings {
  checks: readonly CheckEnd[]
  gated: readonly GatedFile[]
  /** Broken rules of files that were read to their end. */
  broken: readonly BrokenRule[]
}

export const noFindings = (): Findings => ({ checks: [], gated: [], broken: [] })

export function checkEnds(
  sources: readonly string[],
  ended: readonly PromiseSettledResult<CheckedFile>[],
): readonly CheckEnd[] {
  return ended.map((check, i) => ({
    source: sources[i]!,
    checked: check.status === 'fulfilled' ? check.value : null,
    refusal: check.status === 'rejected' && check.reason instanceof VigieError ? check.reason : null,
  }))
}
