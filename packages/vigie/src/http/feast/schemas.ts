import { z } from 'zod'
import { onlineInputs } from '../../define/model-input.ts'
import type { Project } from '../../define/project.ts'
import { NO_NUL } from '../schemas.ts'

/** Most entities that are asked for at once. */
const ROWS = 1000
/** Rows of a data frame, by column; the size of the body is the limit. */
const Frame = z
  .record(z.string().max(256), z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])))
  .meta({ description: 'Columns of equal length, as pandas writes them with orient="list".' })
const Name = z.string().max(256).regex(NO_NUL)
// biome-ignore lint/suspicious/noControlCharactersInRegex: as NO_NUL
const REFERENCE = /^[^:\x00]+:[^:\x00]+$/

/**
 * What Feast's client and its documentation send. Fields that a later Feast may add are ignored, as its own server does;
 * what would change the meaning of a request and is not supported is refused.
 */
export function feastSchemas(project: Project) {
  const { entity, model } = project
  const first = onlineInputs(project)[0]!
  return {
    getOnlineFeatures: z
      .object({
        features: z
          .array(z.string().max(512).regex(REFERENCE))
          .max(2000)
          .nullish()
          .meta({ description: '`view:feature`, each.', uniqueItems: true }),
        feature_service: Name.nullish().meta({ description: 'A model by name, in place of features.' }),
        entities: z
          .object({
            [entity.key]: z
              .array(z.union([Name, z.int()]))
              .min(1)
              .max(ROWS),
          })
          .meta({ description: `At most ${ROWS} keys. A whole number is the key of its decimal digits.` }),
        full_feature_names: z.boolean().default(false),
        include_feature_view_version_metadata: z.boolean().default(false),
      })
      .meta({
        // what the handler asks
        oneOf: [
          { properties: { features: { type: 'array', minItems: 1 } }, required: ['features'] },
          { properties: { feature_service: { type: 'string' } }, required: ['feature_service'] },
        ],
        examples: [
          { features: [`${first.view}:${first.feature}`], entities: { [entity.key]: ['a', 'b'] } },
          { feature_service: model.name, entities: { [entity.key]: ['a'] }, full_feature_names: true },
        ],
      }),
    onlineFeatures: OnlineFeatures,
    push: z.object({
      push_source_name: Name.meta({ description: 'A feature view, or the file that it is delivered in.' }),
      df: Frame,
      to: z.enum(['online', 'offline', 'online_and_offline']).default('online'),
    }),
    writeToOnlineStore: z.object({ feature_view_name: Name, df: Frame }),
    pushed: Pushed,
    materialize: z
      .object({
        start_ts: Instant.nullish(),
        end_ts: Instant.nullish(),
        feature_views: z.array(Name).max(1000).nullish(),
        disable_event_timestamp: z.boolean().default(false).meta({ description: 'Every date, without a range.' }),
        version: NoVersion,
      })
      .refine((body) => body.disable_event_timestamp || (body.start_ts != null && body.end_ts != null), {
        message: 'start_ts and end_ts are given unless disable_event_timestamp is true',
        path: ['start_ts'],
      }),
    materializeIncremental: z.object({
      end_ts: Instant,
      feature_views: z.array(Name).max(1000).nullish(),
      version: NoVersion,
    }),
    materialized: Materialized,
  }
}

const Instant = z
  .string()
  .max(64)
  .meta({ description: 'ISO 8601; without a zone it is UTC.', examples: ['2024-02-01T00:00:00Z'] })

const NoVersion = z.null().optional().meta({ description: 'Feature views have no versions here.' })

const OnlineFeatures = z.strictObject({
  metadata: z.strictObject({
    feature_names: z.array(z.string()).meta({ description: 'The key, then the features as they were asked for.' }),
    feature_view_metadata: z.array(z.strictObject({ name: z.string(), version: z.int() })).optional(),
  }),
  results: z
    .array(
      z.strictObject({
        values: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])),
        statuses: z.array(z.enum(['PRESENT', 'NULL_VALUE', 'NOT_FOUND', 'OUTSIDE_MAX_AGE'])),
        event_timestamps: z.array(z.string()),
      }),
    )
    .meta({ description: 'One for each name, with an entry for each key. Only what is PRESENT has a value.' }),
})

const Pushed = z.strictObject({
  feature_view: z.string(),
  rows: z.int().meta({ description: 'Rows that were taken.' }),
  left_out: z.int().meta({ description: 'Rows that broke a rule and were put aside, where the definition says so.' }),
  push: z
    .strictObject({ id: z.string(), known_at: z.string(), already: z.boolean() })
    .nullable()
    .meta({ description: 'How the history keeps the rows; null when they were written online only.' }),
  changed: z.int().nullable().meta({
    description: 'Entities with other values online; those with newer rows keep them. Null: not written there.',
  }),
})

const Materialized = z.strictObject({
  feature_views: z.array(
    z.strictObject({ feature_view: z.string(), versions: z.int(), rows: z.int(), changed: z.int() }),
  ),
})
