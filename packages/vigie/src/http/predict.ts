import { randomUUIDv7 } from 'node:crypto'
import type { Project } from '../define/project.ts'
import type { FeatureSpec } from '../domain/feature-spec.ts'
import { VigieError } from '../errors.ts'
import { missingFeatures, predict, readableValues } from '../loop/predict.ts'
import type { OnlineStore, OnlineVector } from '../ports/online-store.ts'
import type { Served, ServingModel } from './serving-model.ts'

/** Answers `POST /predict` and `GET /features/{key}`: a memory-mapped read and a walk through the forest, no database. */
export function predictions(project: Project, online: OnlineStore, serving: ServingModel) {
  const { features, name: model } = project.model
  const key = project.entity.key

  /** Throws `user_unknown` when no view has the entity, `features_missing` when some have not. */
  const read = (id: string, columns: FeatureSpec): OnlineVector => {
    const vector = online.read(id, columns)
    if (vector) return vector
    const byView = [...Map.groupBy(columns, (column) => column.view).values()]
    const absent = byView.filter((spec) => online.read(id, spec) === null)
    if (absent.length === byView.length) throw userUnknown(key, id, columns)
    throw featuresMissing(
      key,
      id,
      absent.flat().map((column) => column.feature),
    )
  }

  return {
    predict: (id: string) => {
      const { champion, model: scoring, reading } = requireServed(serving)
      const { values } = read(id, reading.columns)
      const missing = missingFeatures(reading.columns, values)
      if (missing.length > 0) throw featuresMissing(key, id, missing)
      const { probability, predicted } = predict(scoring, reading.translate(values))
      return {
        [key]: id,
        prediction: predicted,
        features_used: readableValues(reading.columns, values),
        probability,
        model,
        version: champion.version,
        prediction_id: randomUUIDv7(),
      }
    },
    features: (id: string) => {
      const { values, asOf } = read(id, features)
      return { [key]: id, as_of: asOf, features: readableValues(features, values) }
    },
  }
}

/** The model that answers. Throws `no_champion`, or `champion_not_loaded` when there is one that cannot be used. */
export function requireServed(serving: ServingModel): Served {
  const served = serving.current()
  if (served) return served
  const failure = serving.failure()
  if (!failure) throw new VigieError('no_champion', 'there is no champion yet')
  throw new VigieError('champion_not_loaded', `no model is loaded: ${failure.message}`, { cause: failure })
}

function userUnknown(key: string, id: string, features: FeatureSpec): VigieError {
  return new VigieError('user_unknown', `no features are known for ${key}=${id}`, {
    rule: 'the key is in a snapshot that was materialized',
    value: id,
    error: `Missing features for ${key}=${id}`,
    missing_features: features.map((column) => column.feature),
  })
}

function featuresMissing(key: string, id: string, missing: readonly string[]): VigieError {
  return new VigieError('features_missing', `${missing.length} features of ${key}=${id} have no value`, {
    rule: 'every feature that is not optional has a value',
    value: id,
    error: `Missing features for ${key}=${id}`,
    missing_features: missing,
  })
}
