import { z } from 'zod'
import type { Project } from '../define/project.ts'
import type { FeatureColumn, FeatureSpec } from '../domain/feature-spec.ts'
import { REPORT_KINDS } from '../ports/reports.ts'
import { answerSchema, TargetSchema } from './answer-schema.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: Python and Rust read the description too, and have no \0
export const NO_NUL = /^[^\x00]*$/

/** What requests and answers look like. Some names come from the definition, so they are made for one project. */
export function schemas({ entity, label, model, snapshots }: Project) {
  const key = z.strictObject({
    [entity.key]: z.string().max(256).regex(NO_NUL),
  })
  const valuesBy = (nullable: (column: FeatureColumn) => boolean) =>
    z.strictObject(Object.fromEntries(model.features.map((f) => [f.feature, featureValue(f, nullable(f))])))
  return {
    key,
    prediction: key.extend({
      ...answerSchema(label),
      features_used: valuesBy((f) => f.optional),
      model: z.string(),
      version: z.int().min(1),
      prediction_id: z.uuid(),
      explanation: explanation(model.features).optional(),
    }),
    predictQuery: z.strictObject({
      explain: z.enum(['true', 'false']).optional().meta({
        description: 'With true the answer has an explanation. Large forests take tens of milliseconds for it.',
      }),
    }),
    features: key.extend({
      as_of: z.iso.date().meta({ description: 'The oldest date among the values.' }),
      features: valuesBy(() => true),
      statuses: z
        .strictObject(Object.fromEntries(model.features.map((f) => [f.feature, Status])))
        .meta({ description: 'Whether each value is there, null, unknown or too old.' }),
    }),
    // read by `moment`, which says more
    featuresQuery: z.strictObject({
      as_of: z
        .union([z.string().max(64).meta({ format: 'date' }), z.string().max(64).meta({ format: 'date-time' })])
        .optional()
        .meta({ description: 'A date, which means its end, or an instant with a zone.', examples: [snapshots.first] }),
    }),
    model: Model,
    health: Health,
    probe: Probe,
    reports: Reports,
    // read by `asOf`, which says more
    asOf: z.strictObject({ as_of: z.string().meta({ format: 'date', examples: [snapshots.first] }) }),
    // read by `reportCalled`, which says more
    delivery: z.strictObject({
      delivery: z.string().meta({ examples: [`${snapshots.first}-0123456789ab`] }),
    }),
    // read by `reportCalled`, which says more
    comparison: z.strictObject({
      comparison: z.string().meta({ examples: [`${snapshots.first}-v2-v1`] }),
    }),
    card: z.strictObject({ card: z.string().meta({ examples: [`${snapshots.first}-v1`] }) }),
    anyJson: z.record(z.string(), z.unknown()),
  }
}

/** What `explainRow` says. */
function explanation(features: FeatureSpec) {
  const values = [z.number(), z.boolean(), z.string(), z.null()] as const
  return z
    .strictObject({
      space: z.enum(['log_odds', 'probability', 'number']).meta({ description: 'What contributions are in.' }),
      class: z.string().nullable().meta({ description: 'The class whose score is told; null for numbers.' }),
      base: z.number().meta({ description: 'Mean of the score over the training rows.' }),
      score: z.number().meta({ description: 'Base and contributions, added up.' }),
      before_calibration: z
        .boolean()
        .meta({ description: 'True when the answer is calibrated: the score is what it follows from.' }),
      contributions: z
        .array(
          z.strictObject({
            feature: z.enum(features.map(({ feature }) => feature)),
            value: z.union(values),
            contribution: z.number(),
          }),
        )
        .meta({ description: 'Shapley values of all features that the model reads, largest first.' }),
    })
    .meta({ description: 'Only with explain=true.' })
}

function featureValue({ type, categories }: FeatureColumn, nullable: boolean): z.ZodType {
  const value = { int: z.int(), float: z.number(), boolean: z.boolean(), category: z.enum(categories ?? []) }[type]
  return nullable ? value.nullable() : value
}

const Status = z.enum(['PRESENT', 'NULL_VALUE', 'NOT_FOUND', 'OUTSIDE_MAX_AGE'])

const Model = z.strictObject({
  name: z.string(),
  version: z.int().min(1),
  since: z.string().meta({ description: 'When it became champion, ISO 8601 in UTC.' }),
  artefact: z.string().meta({ description: 'sha256 of its bytes.' }),
  target: TargetSchema.meta({ description: 'What it answers: the second of two classes is class 1.' }),
  threshold: z
    .number()
    .nullable()
    .meta({ description: 'Class 1 when the probability is above it; null when there are not two classes.' }),
  features: z.array(
    z.strictObject({
      name: z.string(),
      view: z.string(),
      type: z.enum(['int', 'float', 'boolean', 'category']),
      optional: z.boolean(),
      categories: z.array(z.string()).optional(),
    }),
  ),
})

const Health = z.strictObject({
  status: z.literal('ok'),
  champion: z
    .strictObject({ version: z.int(), since: z.string() })
    .nullable()
    .meta({ description: 'The model that answers; null when there is none yet.' }),
  degraded: z
    .array(z.strictObject({ code: z.string(), text: z.string(), hint: z.string() }))
    .meta({ description: 'What is not as it should be. Empty when all is well.' }),
})

const Probe = z.strictObject({ status: z.literal('ok') })

const Reports = z.strictObject({
  reports: z.array(
    z.strictObject({ kind: z.enum(REPORT_KINDS), as_of: z.string(), html: z.string(), json: z.string() }),
  ),
})
