import { z } from 'zod'
import { excerptOf } from '../../domain/csv/excerpt.ts'
import { VigieError } from '../../errors.ts'

const expectation = z.looseObject({
  type: z.string().optional(),
  /** The name of `type` before 1.0. */
  expectation_type: z.string().optional(),
  kwargs: z.record(z.string(), z.unknown()).default({}),
  severity: z.enum(['critical', 'warning', 'info']).optional(),
})

/** A Great Expectations 1.x suite as `suite.to_json_dict()` and the file stores write it. */
const expectationSuite = z.looseObject({
  name: z.string().optional(),
  expectation_suite_name: z.string().optional(),
  expectations: z.array(expectation),
})

export interface Expectation {
  readonly type: string
  readonly kwargs: Readonly<Record<string, unknown>>
  /** What a failed one means: `warning` and `info` do not stop a pipeline. */
  readonly severity: 'critical' | 'warning' | 'info'
}

/** @throws `contract_invalid` */
export function readSuite(parsed: unknown): { readonly name: string; readonly expectations: readonly Expectation[] } {
  const suite = expectationSuite.safeParse(parsed)
  if (!suite.success) {
    const [issue] = suite.error.issues
    const place = issue?.path.join('.') || 'the document'
    throw new VigieError('contract_invalid', `the suite: ${place}: ${issue?.message}`, {
      rule: 'a suite lists its expectations, each with type and kwargs',
      value: excerptOf(place),
      cause: suite.error,
    })
  }
  const { name, expectation_suite_name: oldName = 'suite', expectations } = suite.data
  return {
    name: name ?? oldName,
    expectations: expectations.map(({ type, expectation_type, kwargs, severity = 'critical' }) => ({
      type: type ?? expectation_type ?? 'nameless',
      kwargs,
      severity,
    })),
  }
}

/** True for a document that is meant as a suite. */
export function isSuite(parsed: unknown): boolean {
  return (
    typeof parsed === 'object' && parsed !== null && Array.isArray((parsed as { expectations?: unknown }).expectations)
  )
}
