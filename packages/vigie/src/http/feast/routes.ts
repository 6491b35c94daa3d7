import type { Project } from '../../define/project.ts'
import { nowMicros } from '../../loop/online-request.ts'
import type { Ports } from '../../ports/ports.ts'
import { Page, type Route, route } from '../route.ts'
import { featureLists } from './feature-lists.ts'
import { materializations } from './materialize.ts'
import { feastRefusal } from './refusal.ts'
import { feastSchemas } from './schemas.ts'
import { writes } from './write.ts'

/** Largest body with rows. */
const ROWS_LIMIT_BYTES = 1024 * 1024
const JSON_TYPE = 'application/json; charset=utf-8'

export type FeastPorts = Pick<Ports, 'snapshots' | 'offline' | 'online' | 'compute' | 'staging'>

/**
 * The addresses of Feast's Python feature server (0.67), so that its remote online store and whoever calls it by HTTP can
 * read and write here. Its port is 6566: `vigie serve --port 6566`.
 *
 * Where it differs on purpose: a value that is too old is OUTSIDE_MAX_AGE and null, not PRESENT; null is NULL_VALUE; what
 * was refused has a status below 500; features keep their order; unknown keys are told from bad requests.
 */
export function feastRoutes(ports: FeastPorts, project: Project): readonly Route[] {
  const s = feastSchemas(project)
  const lists = featureLists(project)
  const write = writes(ports, project)
  const materialize = materializations(ports, project)
  const key = project.entity.key
  return [
    route({
      method: 'POST',
      url: '/get-online-features',
      access: 'anyone',
      summary: 'Feast: the newest values of features for keys, and whether they are there',
      body: s.getOnlineFeatures,
      bodyLimitBytes: ROWS_LIMIT_BYTES,
      answer: s.onlineFeatures,
      errors: [404, 409],
      sheds: true,
      refusal: feastRefusal,
      handle: ({ body }) => {
        const { read, write } = lists({
          features: body.features ?? [],
          service: body.feature_service ?? null,
          fullNames: body.full_feature_names,
          withViews: body.include_feature_view_version_metadata,
        })
        const keys = body.entities[key]!
        const now = nowMicros()
        const rows = keys.map((id) => read(ports.online, String(id), now))
        return new Page(JSON_TYPE, write(keys, rows))
      },
    }),
    route({
      method: 'POST',
      url: '/push',
      access: 'operator',
      summary: 'Feast: rows of one view, to history, to the online store or to both, checked as a delivery is',
      body: s.push,
      bodyLimitBytes: ROWS_LIMIT_BYTES,
      answer: s.pushed,
      errors: [404, 409],
      sheds: true,
      refusal: feastRefusal,
      handle: ({ body, headers }) => write.push(body, headers),
    }),
    route({
      method: 'POST',
      url: '/write-to-online-store',
      access: 'operator',
      summary: 'Feast: rows of one view for the online store alone; training never sees them',
      body: s.writeToOnlineStore,
      bodyLimitBytes: ROWS_LIMIT_BYTES,
      answer: s.pushed,
      errors: [404, 409],
      sheds: true,
      refusal: feastRefusal,
      handle: ({ body }) => write.writeToOnlineStore(body),
    }),
    route({
      method: 'POST',
      url: '/materialize',
      access: 'operator',
      summary: 'Feast: puts the deliveries of a range of time online; newer values stay',
      body: s.materialize,
      answer: s.materialized,
      errors: [404, 409],
      refusal: feastRefusal,
      handle: ({ body }) => materialize.range(body),
    }),
    route({
      method: 'POST',
      url: '/materialize-incremental',
      access: 'operator',
      summary: 'Feast: puts online what is not there yet, up to a time',
      body: s.materializeIncremental,
      answer: s.materialized,
      errors: [404, 409],
      refusal: feastRefusal,
      handle: ({ body }) => materialize.incremental(body),
    }),
  ]
}
