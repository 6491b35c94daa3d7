import type { Project } from '../../define/project.ts'
import { type AsOf, asOfFromDays } from '../../domain/as-of.ts'
import { hasCode, VigieError } from '../../errors.ts'
import { type MaterializeResult, materialize, type Wanted } from '../../loop/materialize.ts'
import { oneAtATime } from '../../loop/one-at-a-time.ts'
import type { Ports } from '../../ports/ports.ts'
import { viewUnknown } from './refusal.ts'

type Views = { readonly feature_views?: readonly string[] | null | undefined }

/** Answers `POST /materialize` and `POST /materialize-incremental`: one after the other, and never the same twice. */
export function materializations(ports: Pick<Ports, 'snapshots' | 'offline' | 'online'>, project: Project) {
  const once = oneAtATime<MaterializeResult>()
  const put = async (range: Pick<Wanted, 'from' | 'to'>, { feature_views }: Views) => {
    for (const view of feature_views ?? []) refuseView(project, view)
    const wanted: Wanted = { ...range, ...(feature_views == null ? {} : { views: [...new Set(feature_views)].sort() }) }
    const { views } = await once(JSON.stringify(wanted), () => materialize(ports, project, wanted)).catch(nothingThere)
    return {
      feature_views: views.map(({ view, versions, rows, changed }) => ({
        feature_view: view,
        versions,
        rows,
        changed,
      })),
    }
  }
  return {
    range: (
      body: Views & {
        readonly start_ts?: string | null | undefined
        readonly end_ts?: string | null | undefined
        readonly disable_event_timestamp: boolean
      },
    ) => {
      if (body.disable_event_timestamp) return put({}, body)
      const start = instant(body.start_ts ?? '', '/start_ts')
      const end = instant(body.end_ts ?? '', '/end_ts')
      if (start < end) return put({ from: dateAt(start), to: lastEnded(end) }, body)
      throw new VigieError('body_invalid', `start_ts (${body.start_ts}) must be before end_ts (${body.end_ts})`, {
        rule: 'a range begins before it ends',
        field: '/start_ts',
      })
    },
    incremental: (body: Views & { readonly end_ts: string }) =>
      put({ to: lastEnded(instant(body.end_ts, '/end_ts')) }, body),
  }
}

/** To Feast a range without data is no mistake, whatever its length. */
function nothingThere(error: unknown): Pick<MaterializeResult, 'views'> {
  if (hasCode(error, 'snapshot_missing')) return { views: [] }
  throw error
}

function refuseView(project: Project, view: string): void {
  const declared = Object.hasOwn(project.featureViews, view) ? project.featureViews[view] : undefined
  if (!declared) throw viewUnknown(view, project.name)
  if (declared.online) return
  throw new VigieError('view_not_online', `view "${view}" is not kept online`, {
    rule: 'views that are online in the definition are materialized',
    value: view,
  })
}

const WRITTEN = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i
const DAY_US = 86_400_000_000n

/** Microseconds since 1970 of what Feast's callers write: ISO 8601, UTC without a zone, midnight without a time. */
function instant(text: string, field: string): bigint {
  const [, date, time = '00:00', zone = 'Z'] = WRITTEN.exec(text) ?? []
  try {
    return Temporal.Instant.from(`${date}T${time}${zone}`).epochNanoseconds / 1000n
  } catch (cause) {
    throw new VigieError('body_invalid', `"${text.slice(0, 40)}" is no instant`, {
      rule: 'instants are ISO 8601, as 2024-02-01T00:00:00Z',
      value: text.slice(0, 40),
      field,
      cause,
    })
  }
}

/** The first date whose end is not before `at`: a snapshot is true in the last microsecond of its date. */
function dateAt(at: bigint): AsOf {
  return asOfFromDays(Number(floorDays(at)))
}

/** The last date whose last microsecond is not after `at`. */
function lastEnded(at: bigint): AsOf {
  return asOfFromDays(Number(floorDays(at + 1n)) - 1)
}

function floorDays(micros: bigint): bigint {
  return (micros - (((micros % DAY_US) + DAY_US) % DAY_US)) / DAY_US
}
