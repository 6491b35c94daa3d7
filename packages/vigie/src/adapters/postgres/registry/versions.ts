import { canonicalJson } from '../../../domain/canonical-json.ts'
import { VigieError } from '../../../errors.ts'
import type { ModelVersion, Stage } from '../../../ports/registry.ts'
import type { Database, Queries } from '../database.ts'

const COLUMNS = `model, version, artefact, artefact_bytes as "artefactBytes", vigie.iso(trained_as_of) as "trainedAsOf",
  snapshots, training_set as "trainingSet", training_rows_hash as "trainingRowsHash", training_rows as "trainingRows",
  training_base_rate as "trainingBaseRate", feature_spec_hash as "featureSpecHash",
  definition_hash as "definitionHash", fingerprints, trainer, policy_hash as "policyHash",
  vigie.iso(created_at) as "createdAt"`

/**
 * Makes the model's changes follow one another: versions are numbered without gaps, looks are counted and champions
 * move under this lock. Throws `version_unknown` for a model that has no version.
 */
export async function lockModel(tx: Queries, model: string): Promise<void> {
  if (await tx.row('select name from vigie.model where name = $1 for update', [model])) return
  throw new VigieError('version_unknown', `there is no model "${model}"`, {
    rule: 'a model exists from its first version on',
    value: model,
  })
}

export async function createVersion(
  tx: Queries,
  made: Omit<ModelVersion, 'version' | 'createdAt'>,
  madeBy: string,
): Promise<ModelVersion> {
  await tx.rows('insert into vigie.model (name) values ($1) on conflict do nothing', [made.model])
  await lockModel(tx, made.model)
  const there = await tx.row<ModelVersion>(
    `select ${COLUMNS} from vigie.model_version where model = $1 and made_by = $2`,
    [made.model, madeBy],
  )
  if (there) return there
  const inserted = await tx.row<ModelVersion>(
    `insert into vigie.model_version (model, version, artefact, artefact_bytes, trained_as_of, snapshots,
      training_rows_hash, training_rows, training_base_rate, feature_spec_hash, definition_hash, fingerprints, trainer,
      policy_hash, made_by, training_set)
    select $1, coalesce(max(version), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15
    from vigie.model_version where model = $1
    returning ${COLUMNS}`,
    [
      made.model,
      made.artefact,
      made.artefactBytes,
      made.trainedAsOf,
      made.snapshots,
      made.trainingRowsHash,
      made.trainingRows,
      made.trainingBaseRate,
      made.featureSpecHash,
      made.definitionHash,
      made.fingerprints,
      canonicalJson(made.trainer),
      made.policyHash,
      madeBy,
      made.trainingSet && canonicalJson(made.trainingSet),
    ],
  )
  return inserted!
}

export function findVersion(queries: Queries, model: string, version: number): Promise<ModelVersion | null> {
  return queries.row(`select ${COLUMNS} from vigie.model_version where model = $1 and version = $2`, [model, version])
}

/** By number. */
export function listVersions(database: Database, model: string): Promise<(ModelVersion & { stage: Stage })[]> {
  return database.rows(
    `select ${COLUMNS}, coalesce(stage, 'None') as stage
    from vigie.model_version left join vigie.version_stage using (model, version)
    where model = $1 order by version`,
    [model],
  )
}
