import { z } from 'zod'

// What our contracts say and the standard has no word for. It travels under one custom property, `vigie`, at each level.

const severity = z.enum(['reject', 'hold'])
const constant = z.union([z.number(), z.string(), z.boolean()])
const operand = z.union([z.strictObject({ column: z.string() }), z.strictObject({ constant })])
const comparison = z.strictObject({
  kind: z.enum(['lessThan', 'atMost', 'equal', 'notEqual']),
  left: z.string(),
  right: operand,
})
const requirement = z.strictObject({
  kind: z.literal('requires'),
  left: z.string(),
  right: z.strictObject({ column: z.string() }),
})

/** A row rule: the `implementation` of a custom quality rule with the engine `vigie`. */
export const ruleTerms = z.strictObject({
  name: z.string(),
  that: z.union([requirement, comparison]),
  when: comparison.nullable(),
  severity,
})

const roleTerms = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('view'),
    name: z.string(),
    ttl: z.string().nullable(),
    arrives: z.string(),
    online: z.boolean(),
    owner: z.string().nullable(),
  }),
  z.strictObject({ kind: z.literal('source') }),
  z.strictObject({ kind: z.literal('label'), column: z.string(), horizon: z.string(), arrives: z.string() }),
])

const rule = { severity }
const gateTerms = z.strictObject({
  volume: z.strictObject({ ...rule, maxChange: z.number() }).nullable(),
  unitChange: z.strictObject({ ...rule, ratio: z.number() }).nullable(),
  constantColumn: z.strictObject(rule).nullable(),
  sentinelSpike: z.strictObject({ ...rule, above: z.number(), below: z.number() }).nullable(),
  columnsSwapped: z.strictObject({ ...rule, distance: z.number() }).nullable(),
  nullRateJump: z.strictObject({ ...rule, rise: z.number() }).nullable(),
  freshness: z.strictObject({ ...rule, column: z.string(), maxAgeMs: z.number() }).nullable(),
})

/** Of a file. The row count has a standard word. */
export const fileTerms = z.strictObject({
  role: roleTerms,
  eventTime: z.string().nullable(),
  createdTime: z.string().nullable(),
  extra: z.enum(['keep', 'reject']),
  nulls: z.array(z.string()),
  booleans: z.strictObject({ true: z.array(z.string()), false: z.array(z.string()) }),
  asOfColumn: z.string().optional(),
  badRows: z.strictObject({ maxShare: z.number(), maxRows: z.number() }).optional(),
  gates: gateTerms,
})
export type FileTerms = z.infer<typeof fileTerms>

/** Of a column. */
export const columnTerms = z.strictObject({
  unused: z.literal(true).optional(),
  sentinels: z.array(z.number()).optional(),
  overlap: z.enum(['earlier', 'later']).optional(),
  severity: severity.optional(),
})
export type ColumnTerms = z.infer<typeof columnTerms>

/** Of the whole. */
export const projectTerms = z.strictObject({
  definition: z.string(),
  snapshots: z.strictObject({
    first: z.string(),
    gaps: z.literal('allow').optional(),
    manifest: z.literal('required').optional(),
    maxBytes: z.number().optional(),
  }),
})
export type ProjectTerms = z.infer<typeof projectTerms>

export const VIGIE = 'vigie'
