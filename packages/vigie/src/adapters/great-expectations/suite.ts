import { z } from 'zod'

const expectation = z.looseObject({
  type: z.string().optional(),
  /** The name of `type` before 1.0. */
  expectation_type: z.string().optional(),
  kwargs: z.record(z.string(), z.unknown()).default({}),
  severity: z.enum(['critical', 'warning', 'info']).optional(),
})

/** A Great Expectations 1.x suite as `suite.to_json_dict()` and the file stores write it. */
export const expectationSuite = z.looseObject({
  name: z.string().optional(),
  expectation_suite_name: z.string().optional(),
  expectations: z.array(expectation),
})
export type ExpectationSuite = z.infer<typeof expectationSuite>

export interface Expectation {
  readonly type: string
  readonly kwargs: Readonly<Record<string, unknown>>
  /** What a failed one means: `warning` and `info` do not stop a pipeline. */
  readonly severity: 'critical' | 'warning' | 'info'
}

export function expectationsOf(suite: ExpectationSuite): readonly Expectation[] {
  return suite.expectations.map(({ type, expectation_type, kwargs, severity = 'critical' }) => ({
    type: type ?? expectation_type ?? 'nameless',
    kwargs,
    severity,
  }))
}

/** True for a document that is meant as a suite. */
export function isSuite(parsed: unknown): boolean {
  return (
    typeof parsed === 'object' && parsed !== null && Array.isArray((parsed as { expectations?: unknown }).expectations)
  )
}
