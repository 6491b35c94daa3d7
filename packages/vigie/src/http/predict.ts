import { randomUUIDv7 } from 'node:crypto'
import type { Project } from '../define/project.ts'
import { asOfFromDays } from '../domain/as-of.ts'
import type { FeatureSpec } from '../domain/feature-spec.ts'
import { VigieError } from '../errors.ts'
import { onlineFeatures } from '../loop/entity-features.ts'
import { nowMicros, onlineRequest } from '../loop/online-request.ts'
import { missingFeatures, type Prediction, predictSoon, readableValues } from '../loop/predict.ts'
import type { OnlineRequest, OnlineStore } from '../ports/online-store.ts'
import type { ServedVectors } from '../ports/served-vectors.ts'
import { explanations } from './explanations.ts'
import type { Served, ServingModel } from './serving-model.ts'

/**
 * Answers `POST /predict` and `GET /features/{key}`: a memory-mapped read and a walk through the forest, no database. A
 * model that is a graph answers in a later turn.
 * `log` keeps what models were given.
 */
export function predictions(project: Project, online: OnlineStore, serving: ServingModel, log?: ServedVectors) {
  const { features, name: model } = project.model
  const key = project.entity.key
  const readFeatures = onlineFeatures(project, features)
  const explained = explanations()

  let inputs: FeatureSpec = []
  let request: OnlineRequest = onlineRequest(project, inputs)
  /** Made anew only when another model answers. */
  const requestFor = (wanted: FeatureSpec): OnlineRequest => {
    if (wanted !== inputs) {
      request = onlineRequest(project, wanted)
      inputs = wanted
    }
    return request
  }

  const asked = (id: string) => {
    const { champion, model: scoring, reading } = requireServed(serving)
    const request = requestFor(reading.inputs)
    const at = nowMicros()
    const vector = online.read(id, request, at)
    if (vector.statuses.every((status) => status === 'NOT_FOUND')) throw userUnknown(key, id, reading.columns)
    const values = reading.row(vector.values)
    const missing = missingFeatures(reading.columns, values)
    if (missing.length > 0) throw featuresMissing(key, id, missing)
    const row = reading.translate(values)
    const stamp = log ? online.stamp() : 0
    const told = ({ predicted, ...probabilities }: Prediction) => {
      log?.append(request, { key: id, at, stamp, vector })
      return {
        [key]: id,
        prediction: predicted,
        features_used: readableValues(reading.columns, values),
        ...probabilities,
        model,
        version: champion.version,
        prediction_id: randomUUIDv7(),
      }
    }
    const soon = predictSoon(scoring, row)
    const prediction = soon instanceof Promise ? soon.then(told) : told(soon)
    return { prediction, scoring, row, columns: reading.columns, values }
  }

  return {
    /** Throws `user_unknown` when no view has the entity, `features_missing` when a value is absent that may not be. */
    predict: (id: string) => asked(id).prediction,
    /** The same with what each feature contributed. Throws `explanation_unavailable` besides, or `overloaded`. */
    explain: async (id: string) => {
      const { prediction, scoring, row, columns, values } = asked(id)
      return { ...(await prediction), explanation: await explained(scoring.model, row, { columns, shown: values }) }
    },
    /** Throws `user_unknown` when no view has the entity. */
    features: (id: string) => {
      const { values, statuses, eventTimes } = readFeatures(online, id, nowMicros())
      const known = eventTimes.filter((time) => !Number.isNaN(time))
      if (known.length === 0) throw userUnknown(key, id, features)
      return {
        [key]: id,
        as_of: asOfFromDays(Math.floor(Math.min(...known) / MICROS_A_DAY)),
        features: readableValues(features, values),
        statuses: Object.fromEntries(features.map(({ feature }, i) => [feature, statuses[i]!])),
      }
    },
  }
}

const MICROS_A_DAY = 86_400_000_000

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
