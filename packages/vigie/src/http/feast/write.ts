import { randomUUIDv7 } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Project } from '../../define/project.ts'
import { VigieError } from '../../errors.ts'
import { type PushResult, pushRows } from '../../loop/push.ts'
import type { PushedColumns } from '../../loop/pushed-text.ts'
import type { Ports } from '../../ports/ports.ts'
import { viewUnknown } from './refusal.ts'

type WritePorts = Pick<Ports, 'snapshots' | 'offline' | 'online' | 'compute' | 'staging'>

/** Answers `POST /push` and `POST /write-to-online-store`. */
export function writes(ports: WritePorts, project: Project) {
  return {
    push: async (
      body: { readonly push_source_name: string; readonly df: PushedColumns; readonly to: string },
      headers: IncomingHttpHeaders,
    ) => {
      const view = viewOfSource(project, body.push_source_name)
      const to = { offline: body.to !== 'online', online: body.to !== 'offline' }
      return answer(await pushRows(ports, project, { view, columns: body.df, to, id: pushId(headers) }))
    },
    writeToOnlineStore: async (body: { readonly feature_view_name: string; readonly df: PushedColumns }) => {
      const view = body.feature_view_name
      if (!Object.hasOwn(project.featureViews, view)) throw viewUnknown(view, project.name)
      const to = { offline: false, online: true }
      return answer(await pushRows(ports, project, { view, columns: body.df, to, id: randomUUIDv7() }))
    },
  }
}

function answer({ view, rows, leftOut, push, changed }: PushResult) {
  return {
    feature_view: view,
    rows,
    left_out: leftOut,
    push: push && { id: push.id, known_at: push.knownAt, already: push.already },
    changed,
  }
}

/** By its own name, or by the file that it is delivered in. */
function viewOfSource(project: Project, name: string): string {
  if (Object.hasOwn(project.featureViews, name)) return name
  const named = Object.entries(project.featureViews).find(([, { from }]) => from === name)
  if (named) return named[0]
  const shown = name.slice(0, 80)
  throw new VigieError('push_source_unknown', `Unable to find push source '${shown}'.`, {
    rule: 'a push source is a feature view or the file that it is delivered in',
    value: shown,
  })
}

const ID = /^[\x21-\x7e]{1,200}$/

/** Without a key of the caller the same rows sent again are a push of their own: between two pushes there may be a third. */
function pushId(headers: IncomingHttpHeaders): string {
  const key = headers['idempotency-key']
  if (key === undefined) return randomUUIDv7()
  if (typeof key === 'string' && ID.test(key)) return key
  throw new VigieError('request_invalid', 'the Idempotency-Key header cannot be read', {
    rule: 'an idempotency key has 1 to 200 visible ASCII characters',
  })
}
