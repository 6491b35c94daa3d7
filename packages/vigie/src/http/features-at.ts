import type { Project } from '../define/project.ts'
import { asOfFromDays, moment } from '../domain/as-of.ts'
import { VigieError } from '../errors.ts'
import { offlineFeatures } from '../loop/entity-features.ts'
import { readableValues } from '../loop/predict.ts'
import type { Ports } from '../ports/ports.ts'

const MICROS_A_DAY = 86_400_000_000

/**
 * Answers `GET /features/{key}?as_of=`: what was known of one key at the end of a date or at an instant, from history. A
 * database query, in the database's own threads: some 30 ms, where the online store answers in microseconds.
 */
export function featuresAt(ports: Pick<Ports, 'snapshots' | 'offline'>, project: Project) {
  const spec = project.model.features
  const name = project.entity.key
  return async (key: string, text: string) => {
    const at = moment(text)
    const { values, statuses, eventTimes } = await offlineFeatures(ports, project, { key, at, spec })
    const known = eventTimes.filter((time) => !Number.isNaN(time))
    if (known.length === 0) {
      throw new VigieError('user_unknown', `no features were known for ${name}=${key} at ${text}`, {
        rule: 'the key is in a delivery that was known by then',
        value: key,
      })
    }
    return {
      [name]: key,
      as_of: asOfFromDays(Math.floor(Math.min(...known) / MICROS_A_DAY)),
      features: readableValues(spec, values),
      statuses: Object.fromEntries(spec.map(({ feature }, i) => [feature, statuses[i]!])),
    }
  }
}
