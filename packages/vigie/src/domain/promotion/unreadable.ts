import type { Reason } from './decision.ts'

/**
 * A hold for the first field of a block of evidence that cannot be read, or null when all can. `fields` maps each
 * field to its value and the least that it may be. The reason's value names the block.
 */
export function unreadable(
  block: string,
  fields: Readonly<Record<string, readonly [value: unknown, least: number]>>,
): Reason | null {
  for (const [field, [value, least]] of Object.entries(fields)) {
    const path = field === '' ? block : `${block}.${field}`
    if (value === undefined) return missing(block, path)
    if (typeof value !== 'number' || !Number.isFinite(value) || value < least) {
      const must = least === Number.NEGATIVE_INFINITY ? '' : ` of at least ${least}`
      return {
        kind: 'hold',
        code: 'evidence_not_finite',
        value: block,
        bound: null,
        text: `Field ${path} is ${shown(value)} and not a finite number${must}`,
        fix: 'Compare again',
      }
    }
  }
  return null
}

/** A hold for evidence that is not there. `path` is the exact field when only a part of the block is absent. */
export function missing(block: string, path = block): Reason {
  return {
    kind: 'hold',
    code: 'evidence_missing',
    value: block,
    bound: null,
    text: `Field ${path} is absent`,
    fix: 'Compare again',
  }
}

/** A hold for evidence that says two things of one. */
export function mismatch(block: string, text: string): Reason {
  return {
    kind: 'hold',
    code: 'evidence_mismatch',
    value: block,
    bound: null,
    text: `Field ${block} does not agree with the rest: ${text}`,
    fix: 'Compare again',
  }
}

function shown(value: unknown): string {
  return value === null || typeof value === 'number' ? String(value) : `a ${typeof value}`
}
