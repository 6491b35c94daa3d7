import { z } from 'zod'

const date = z.iso.date()
const scoreOf = z.strictObject({ version: z.int().positive(), value: z.number() })
const bound = z.union([z.number(), z.string()]).nullable()

const reason = z.strictObject({
  kind: z.enum(['promote', 'keep', 'hold', 'warn', 'pass']),
  code: z.string().regex(/^[a-z][A-Za-z0-9_]*$/),
  value: bound,
  bound,
  text: z.string().min(1),
  fix: z.string().min(1).optional(),
})

const rejected = z.strictObject({
  code: z.string(),
  message: z.string(),
  rule: z.string().nullable(),
  value: z.string().nullable(),
  file: z.string().nullable(),
  line: z.int().positive().nullable(),
  hint: z.string(),
  held: z.boolean(),
  report: z.string().nullable(),
})

const drift = z.strictObject({
  share: z.number().min(0).max(1).nullable(),
  referenceShare: z.number().min(0).max(1).nullable(),
  features: z.array(
    z.strictObject({
      name: z.string().regex(/^\w+\.\w+$/),
      test: z.string(),
      score: z.number(),
      threshold: z.number(),
      drifted: z.boolean(),
    }),
  ),
  notTestable: z.array(z.strictObject({ name: z.string(), why: z.string() })),
})

const month = z.strictObject({
  asOf: date,
  ingest: z.union([
    z.strictObject({ rows: z.int().positive(), snapshot: z.string().min(1) }),
    z.strictObject({ rejected }),
  ]),
  drift: drift.nullable(),
  targetDrift: z.number().nullable(),
  retrain: z.strictObject({
    triggered: z.boolean(),
    reason: z.enum(['first_model', 'drift_share', 'performance', 'none']),
    triggers: z.array(z.string()),
    text: z.string().min(1),
  }),
  comparison: z
    .strictObject({
      metric: z.string(),
      candidate: scoreOf,
      champion: scoreOf.nullable(),
      gain: z.strictObject({ estimate: z.number(), low: z.number(), high: z.number(), method: z.string() }).nullable(),
      rows: z.int().positive(),
    })
    .nullable(),
  decision: z
    .strictObject({ outcome: z.enum(['promote', 'keep', 'hold']), reasons: z.array(reason).min(1) })
    .nullable(),
})

/** What `npm start -- --once --json` prints. Other programs rely on it: nothing is renamed or taken away. */
export const outcomeSchema = z.strictObject({
  project: z.string(),
  months: z.array(month),
  champion: z.strictObject({ version: z.int().positive(), trainedAsOf: date }).nullable(),
  serving: z.strictObject({ version: z.int().positive() }).nullable(),
  timings: z.record(z.string(), z.number().min(0)),
})
