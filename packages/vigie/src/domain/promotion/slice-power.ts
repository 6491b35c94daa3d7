import { normalQuantile } from '../distributions/normal.ts'
import { tQuantile } from '../distributions/student-t.ts'
import type { PromotionPolicy } from '../policy.ts'
import type { Reason } from './decision.ts'
import type { SliceEvidence, UnjudgedSlice } from './evidence.ts'
import { missing } from './unreadable.ts'
import { rounded } from './wording.ts'

/** A rise of the Brier score that a slice should be able to show. */
const NOTABLE_HARM = 0.05
const PROVE_ALPHA = 0.05
const MOST_NAMED = 5

/**
 * A warning that lists the declared slices which cannot be judged: too few rows to test, or harm would show with a
 * probability of 80 % only from `(t(1 - alpha / m) + z(0.8)) se` above 0.05.
 */
export function notJudged(
  tested: readonly SliceEvidence[],
  unjudged: readonly UnjudgedSlice[],
  { sliceAlpha }: PromotionPolicy,
): readonly Reason[] {
  const blind = tested.flatMap(({ name, kind, se, df }) => {
    if (kind !== 'declared' || typeof se !== 'number' || typeof df !== 'number' || !(df > 0)) return []
    const sees = (tQuantile(1 - sliceAlpha / tested.length, df) + normalQuantile(0.8)) * se
    return sees > NOTABLE_HARM ? [`"${name}" (sees rises from ${rounded(sees)})`] : []
  })
  const all = [...blind, ...unjudged.map(({ name, rows }) => `"${name}" (${rows} rows)`)]
  if (all.length === 0) return []
  const more = all.length > MOST_NAMED ? ` and ${all.length - MOST_NAMED} more` : ''
  return [
    {
      kind: 'warn',
      code: 'slice_not_judged',
      value: all.length,
      bound: NOTABLE_HARM,
      text: `Harm could hide in ${all.length === 1 ? 'slice' : 'slices'} ${all.slice(0, MOST_NAMED).join(', ')}${more}`,
      fix: 'Hold out more rows, or look at these slices by hand',
    },
  ]
}

/**
 * For the slices of which the policy asks for proof: each must show, at 5 % divided by their number, that its harm stays
 * below the margin. A slice that is too small to show anything keeps the champion.
 */
export function provenSlices(
  tested: readonly SliceEvidence[],
  unjudged: readonly UnjudgedSlice[],
  { proveSlices }: PromotionPolicy,
): readonly Reason[] {
  if (proveSlices === undefined) return []
  const { of, margin } = proveSlices
  const named = tested.filter((slice) => typeof slice.of === 'string' && of.includes(slice.of))
  const tooSmall = unjudged.filter((slice) => of.includes(slice.of))
  const absent = of.filter((feature) => ![...named, ...tooSmall].some((slice) => slice.of === feature))
  const level = PROVE_ALPHA / (named.length + tooSmall.length)
  return [
    ...absent.map((feature) => missing('slices', `slices of ${feature}`)),
    ...tooSmall.map(({ name, rows }) => notProven(name, null, margin, `has only ${rows} rows`)),
    ...named.map(({ name, harm, se, df }): Reason => {
      if (typeof se !== 'number' || (se > 0 && !(typeof df === 'number' && df > 0)))
        return missing('slices', `${name}: se, df`)
      const most = se === 0 ? harm : harm + tQuantile(1 - level, df as number) * se
      if (!(most < margin)) return notProven(name, most, margin, `may be harmed by ${rounded(most)}`)
      const text = `In slice "${name}" harm stays below ${rounded(most)}, limit ${margin}`
      return { kind: 'pass', code: 'slice_proven', value: most, bound: margin, text, slice: name }
    }),
  ]
}

function notProven(name: string, value: number | null, margin: number, found: string): Reason {
  return {
    kind: 'keep',
    code: 'slice_not_proven',
    value,
    bound: margin,
    text: `Slice "${name}" ${found}, and the policy asks for proof of less than ${margin}`,
    fix: 'More held-out rows in the slice, or a policy that does not ask for proof there',
    slice: name,
  }
}
