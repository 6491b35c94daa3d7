import { readdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asOf } from '../../src/domain/as-of.ts'
import { type RunningServer, startServer } from '../../src/http/server.ts'
import { ingest } from '../../src/loop/ingest.ts'
import { materialize } from '../../src/loop/materialize.ts'
import { feastDelivery, feastProject as project } from './feast-project.ts'
import { request } from './requests.ts'
import { silent, storesForTests } from './serving.ts'

const stores = storesForTests(project)
let server: RunningServer

const JANUARY = {
  users: ['a', 'b', 'new'],
  events: ['a,2024-01-10T10:00:00Z,29,3,Y,DSL,hi,x', 'b,2024-01-11T10:00:00.000001Z,0.5,,N,"Fiber, ""optic""",,x'],
  plans: ['a,10,1', 'b,20,'],
  costs: ['a,1', 'b,2'],
  labels: ['a,Y', 'b,N', 'new,N'],
}
const FEBRUARY = {
  ...JANUARY,
  plans: ['a,12.5,1', 'b,20,'],
  events: ['a,2024-02-10T10:00:00Z,30,4,Y,DSL,,x', 'b,2024-01-20T00:00:00Z,1,,Y,DSL,,x'],
}

async function take(rows: typeof JANUARY, date: string) {
  await ingest(stores.ports, project, { dir: feastDelivery(stores.folder, rows), asOf: asOf(date) })
}

async function post(url: string, body: unknown, headers = {}) {
  return request(server.url, 'POST', url, JSON.stringify(body), headers)
}

/** Rows by key as `{ name: [value, status, time] }`. */
async function online(features: readonly string[], keys: readonly (string | number)[], more = {}) {
  const { status, json } = await post('/get-online-features', { features, entities: { user_id: keys }, ...more })
  expect(status, JSON.stringify(json)).toBe(200)
  const names: string[] = json.metadata.feature_names
  return keys.map((_, row) =>
    Object.fromEntries(
      names.map((name, i) => {
        const { values, statuses, event_timestamps } = json.results[i]
        return [name, [values[row], statuses[row], event_timestamps[row]]]
      }),
    ),
  )
}

const iso = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString()
/** One row of `usage` as Feast's client sends it: under its own names of times, naive in UTC. */
const usage = (key: string, hours: number | null, at: string, more = {}) => ({
  user_id: [key],
  hours: [hours],
  skips: [null],
  active: [true],
  net: ['DSL'],
  note: [null],
  event_timestamp: [at.replace('Z', '')],
  created: [null],
  ...more,
})

beforeAll(async () => {
  await take(JANUARY, '2024-01-31')
  await materialize(stores.ports, project)
  server = await startServer({ ports: stores.ports, project, host: '127.0.0.1', port: 0, logger: silent })
})
afterAll(() => server.close())

describe('reading as Feast does', () => {
  const NEVER = '1970-01-01T00:00:00Z'
  const MONTH_END = '2024-01-31T23:59:59.999999Z'

  it('answers results by feature in the order asked, the key first, with statuses and times', async () => {
    const { status, headers, text, json } = await post('/get-online-features', {
      features: ['plan:hours', 'plan:fee', 'usage:hours'],
      entities: { user_id: ['a', 'b', 'nobody'] },
      full_feature_names: true,
    })
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(json).toEqual({
      metadata: { feature_names: ['user_id', 'plan__hours', 'plan__fee', 'usage__hours'] },
      results: [
        { values: ['a', 'b', 'nobody'], statuses: Array(3).fill('PRESENT'), event_timestamps: Array(3).fill(NEVER) },
        {
          values: [1, null, null],
          statuses: ['PRESENT', 'NULL_VALUE', 'NOT_FOUND'],
          event_timestamps: [MONTH_END, MONTH_END, NEVER],
        },
        {
          values: [10, 20, null],
          statuses: ['PRESENT', 'PRESENT', 'NOT_FOUND'],
          event_timestamps: [MONTH_END, MONTH_END, NEVER],
        },
        {
          values: [null, null, null],
          statuses: ['OUTSIDE_MAX_AGE', 'OUTSIDE_MAX_AGE', 'NOT_FOUND'],
          event_timestamps: ['2024-01-10T10:00:00Z', '2024-01-11T10:00:00.000001Z', NEVER],
        },
      ],
    })
    expect(text, 'a float keeps its point').toContain('[10.0,20.0,null]')
  })

  it('knows a model by its name, and derived features, which are of every view they are made of', async () => {
    const [row] = await online([], ['a'], { feature_service: 'gone_model' })
    expect(row).toEqual({
      user_id: ['a', 'PRESENT', NEVER],
      hours: [null, 'OUTSIDE_MAX_AGE', '2024-01-10T10:00:00Z'],
      net: [null, 'OUTSIDE_MAX_AGE', '2024-01-10T10:00:00Z'],
      fee: [10, 'PRESENT', MONTH_END],
      fee_change: [null, 'NULL_VALUE', MONTH_END],
      hour_share: [null, 'OUTSIDE_MAX_AGE', '2024-01-10T10:00:00Z'],
    })
    const [derived] = await online(['derived:fee_change'], ['b'])
    expect(derived).toMatchObject({ fee_change: [null, 'NULL_VALUE', MONTH_END] })
  })

  it('takes whole numbers for keys, and gives them back as they came', async () => {
    const [row] = await online(['plan:fee'], [1001])
    expect(row).toEqual({ user_id: [1001, 'PRESENT', NEVER], fee: [null, 'NOT_FOUND', NEVER] })
  })

  it('names the views when asked to', async () => {
    const body = { features: ['plan:fee'], entities: { user_id: ['a'] }, include_feature_view_version_metadata: true }
    expect((await post('/get-online-features', body)).json.metadata.feature_view_metadata).toEqual([
      { name: 'plan', version: 0 },
    ])
  })

  it.each([
    ['an unknown view', { features: ['nope:x'] }, 404, 'FeatureViewNotFoundException', 'feature_view_unknown'],
    [
      'a view that is not online',
      { features: ['costs:cost'] },
      404,
      'FeatureViewNotFoundException',
      'feature_view_unknown',
    ],
    ['an unknown feature', { features: ['plan:x'] }, 404, 'FeastObjectNotFoundException', 'feature_unknown'],
    [
      'a text, which no model reads',
      { features: ['usage:note'] },
      404,
      'FeastObjectNotFoundException',
      'feature_unknown',
    ],
    [
      'what a feature was before',
      { features: ['plan:fee@previous'] },
      404,
      'FeastObjectNotFoundException',
      'feature_unknown',
    ],
    ['an unknown model', { feature_service: 'x' }, 404, 'FeatureServiceNotFoundException', 'feature_service_unknown'],
    [
      'one name for two features',
      { features: ['plan:hours', 'usage:hours'] },
      422,
      'FeatureNameCollisionError',
      'feature_names_collide',
    ],
  ])('refuses %s in the form that raises in the client of Feast', async (_name, asked, status, name, code) => {
    const answer = await post('/get-online-features', { ...asked, entities: { user_id: ['a'] } })
    expect(answer.status).toBe(status)
    expect(JSON.parse(answer.json)).toMatchObject({ module: 'feast.errors', class: name, code })
  })

  it.each([
    ['no features', { features: [] }],
    ['a feature without a view', { features: ['fee'] }],
    ['features and a model', { features: ['plan:fee'], feature_service: 'gone_model' }],
    ['no keys', { features: ['plan:fee'], entities: { user_id: [] } }],
    ['another key', { features: ['plan:fee'], entities: { driver_id: ['a'] } }],
    ['null for a key', { features: ['plan:fee'], entities: { user_id: [null] } }],
    ['1,001 keys', { features: ['plan:fee'], entities: { user_id: Array(1001).fill('a') } }],
  ])('refuses %s', async (_name, asked) => {
    const { status, json } = await post('/get-online-features', { entities: { user_id: ['a'] }, ...asked })
    expect({ status, code: json.code }).toEqual({ status: 422, code: 'body_invalid' })
  })

  it('answers 1,000 keys, and refuses bodies above 1 MB', async () => {
    const rows = await online(['plan:fee', 'usage:net'], Array(1000).fill('b'))
    expect(rows).toHaveLength(1000)
    expect(rows.at(-1)).toMatchObject({ fee: [20, 'PRESENT', MONTH_END] })
    const { status } = await post('/get-online-features', { features: ['x'.repeat(1.1e6)], entities: {} })
    expect(status).toBe(413)
  })
})

describe('pushing', () => {
  it('puts an event online and into history, and the row is the same in both', async () => {
    const at = iso(1)
    const { status, json } = await post('/push', {
      push_source_name: 'usage',
      df: usage('a', 7.25, at, { skips: [5] }),
      to: 'online_and_offline',
    })
    expect({ status, json }).toMatchObject({
      status: 200,
      json: { feature_view: 'usage', rows: 1, left_out: 0, push: { already: false }, changed: 1 },
    })
    const [row] = await online(['usage:hours', 'usage:skips', 'usage:active', 'usage:net'], ['a'])
    expect(row).toMatchObject({
      hours: [7.25, 'PRESENT', expect.stringContaining(at.slice(0, 19))],
      skips: [5, 'PRESENT', expect.anything()],
      active: [true, 'PRESENT', expect.anything()],
      net: ['DSL', 'PRESENT', expect.anything()],
    })
    const now = new Date(Date.now() + 1000).toISOString()
    const then = await request(server.url, 'GET', `/features/a?as_of=${now}`)
    expect(then.json).toMatchObject({ features: { hours: 7.25, net: 'DSL' }, statuses: { hours: 'PRESENT' } })
    expect((await stores.ports.snapshots.pushes()).at(-1)).toMatchObject({ id: json.push.id, source: 'events' })
    expect(stores.ports.online.onlineOnly('usage', 'a')).toBe(false)
    // Nothing is left for a materialize to do.
    expect((await post('/materialize-incremental', { end_ts: iso(-1) })).json.feature_views).toContainEqual({
      feature_view: 'usage',
      versions: 0,
      rows: 0,
      changed: 0,
    })
  })

  it('never replaces a newer value by an older one', async () => {
    await post('/push', { push_source_name: 'usage', df: usage('b', 2, iso(2)) })
    const older = await post('/push', { push_source_name: 'events', df: usage('b', 1, iso(3)) })
    expect(older.json).toMatchObject({ rows: 1, changed: 0 })
    expect((await online(['usage:hours'], ['b']))[0]).toMatchObject({ hours: [2, 'PRESENT', expect.anything()] })
  })

  it('writes to history alone when it is told so, and materialize brings it online', async () => {
    const { json } = await post('/push', { push_source_name: 'usage', df: usage('new', 3, iso(1)), to: 'offline' })
    expect(json).toMatchObject({ changed: null, push: { already: false } })
    expect((await online(['usage:hours'], ['new']))[0]).toMatchObject({ hours: [null, 'NOT_FOUND', expect.anything()] })
    const today = { start_ts: iso(0).slice(0, 10), end_ts: iso(-1).slice(0, 10), feature_views: ['usage'] }
    expect((await post('/materialize', today)).json).toEqual({
      feature_views: [{ feature_view: 'usage', versions: 1, rows: 1, changed: 1 }],
    })
    expect((await online(['usage:hours'], ['new']))[0]).toMatchObject({ hours: [3, 'PRESENT', expect.anything()] })
  })

  it('is done once for one Idempotency-Key, and refuses other rows under it', async () => {
    const headers = { 'idempotency-key': 'order-7' }
    const send = (hours: number, at: string) =>
      post('/push', { push_source_name: 'usage', df: usage('b', hours, at), to: 'offline' }, headers)
    const at = iso(5)
    expect((await send(4, at)).json.push).toMatchObject({ id: 'order-7', already: false })
    expect((await send(4, at)).json.push).toMatchObject({ id: 'order-7', already: true })
    const tables = readdirSync(path.join(stores.folder, 'tables')).sort()
    expect((await send(5, at)).json).toMatchObject({ code: 'push_differs', status: 409 })
    expect(readdirSync(path.join(stores.folder, 'tables')).sort()).toEqual(tables)
    expect((await stores.ports.snapshots.pushes()).filter(({ id }) => id === 'order-7')).toHaveLength(1)
  })

  it.each([
    ['a value out of range', { hours: [-1] }, 'out_of_range'],
    ['a null that may not be', { hours: [null] }, 'null_not_allowed'],
    ['a text for a number', { skips: ['three'] }, 'not_a_number'],
    ['a fraction for a whole number', { skips: [1.5] }, 'not_an_integer'],
    ['a text for a boolean', { active: ['Y'] }, 'not_a_boolean'],
    ['a category that is none', { net: ['dsl'] }, 'category_unknown'],
    ['a column that nobody named', { extra: [1] }, 'column_unexpected'],
    ['a time that is none', { event_timestamp: ['yesterday'] }, 'invalid_date'],
    ['a time that is not over', { event_timestamp: [iso(-2)] }, 'future_time'],
    ['a key that is not listed', { user_id: ['stranger'] }, 'entity_unknown'],
  ])('refuses %s with the code that a file would get, and writes nothing', async (_name, wrong, code) => {
    const before = await stores.ports.snapshots.pushes()
    const tables = readdirSync(path.join(stores.folder, 'tables')).sort()
    const df = usage('a', 99, iso(0.5), wrong)
    const answer = await post('/push', { push_source_name: 'usage', df, to: 'online_and_offline' })
    expect({ status: answer.status, code: answer.json.code }).toEqual({ status: 422, code })
    expect(await stores.ports.snapshots.pushes()).toEqual(before)
    expect(readdirSync(path.join(stores.folder, 'tables')).sort()).toEqual(tables)
    expect((await online(['usage:hours'], ['a']))[0]!.hours![0]).toBe(7.25)
    expect(readdirSync(stores.ports.staging).filter((name) => name.startsWith('push-'))).toEqual([])
  })

  it('refuses uneven columns, one that is missing, and no rows', async () => {
    const push = async (df: object) => (await post('/push', { push_source_name: 'usage', df })).json.code
    expect(await push(usage('a', 1, iso(0), { net: ['DSL', 'DSL'] }))).toBe('body_invalid')
    expect(await push({ user_id: ['a'], hours: [1] })).toBe('column_missing')
    expect(await push({ user_id: [], hours: [], skips: [], active: [], net: [], note: [], event_timestamp: [] })).toBe(
      'no_rows',
    )
  })

  it('gives history no single rows of a snapshot, and nothing to a source that nobody knows', async () => {
    const df = { user_id: ['a'], fee: [1], hours: [1], event_timestamp: [iso(0)] }
    const { json } = await post('/push', { push_source_name: 'plan', df, to: 'online_and_offline' })
    expect(json).toMatchObject({ status: 422, code: 'push_needs_events' })
    const unknown = await post('/push', { push_source_name: 'nope', df })
    expect({ status: unknown.status, ...JSON.parse(unknown.json) }).toMatchObject({
      status: 422,
      class: 'PushSourceNotFoundException',
      message: "Unable to find push source 'nope'.",
    })
    const notOnline = await post('/push', { push_source_name: 'costs', df: { user_id: ['a'], cost: [1] } })
    expect(notOnline.json).toMatchObject({ status: 422, code: 'view_not_online' })
  })

  it('keeps texts with commas, quotes and newlines, and takes no text for null', async () => {
    const note = 'one, "two"\nnull'
    const df = usage('a', 8, iso(0.2), { net: ['Fiber, "optic"'], note: [note] })
    expect((await post('/push', { push_source_name: 'usage', df })).json).toMatchObject({ rows: 1, changed: 1 })
    expect((await online(['usage:net'], ['a']))[0]!.net![0]).toBe('Fiber, "optic"')
  })
})

describe('writing to the online store alone', () => {
  it('shows a row of a snapshot view until a newer snapshot comes, and never to training', async () => {
    const at = '2024-02-10T00:00:00'
    const df = { user_id: ['a'], fee: [99.5], hours: [null], event_timestamp: [at], created: [at] }
    expect((await post('/write-to-online-store', { feature_view_name: 'plan', df })).json).toMatchObject({
      push: null,
      changed: 1,
    })
    expect((await online(['plan:fee', 'plan:hours', 'derived:fee_change'], ['a']))[0]).toMatchObject({
      fee: [99.5, 'PRESENT', `${at}Z`],
      hours: [null, 'NULL_VALUE', `${at}Z`],
      fee_change: [null, 'NULL_VALUE', `${at}Z`],
    })
    expect(stores.ports.online.onlineOnly('plan', 'a')).toBe(true)
    const then = await request(server.url, 'GET', `/features/a?as_of=2024-02-15T00:00:00Z`)
    expect(then.json.features.fee).toBe(10)

    await take(FEBRUARY, '2024-02-29')
    expect(
      (await post('/materialize', { start_ts: '2024-02-01', end_ts: '2024-02-29T23:59:59.999998Z' })).json,
    ).toEqual({
      feature_views: ['usage', 'plan'].map((view) => ({ feature_view: view, versions: 0, rows: 0, changed: 0 })),
    })
    const february = { start_ts: '2024-02-01', end_ts: '2024-03-01', feature_views: ['plan'] }
    expect((await post('/materialize', february)).json).toMatchObject({ feature_views: [{ versions: 1, rows: 2 }] })
    expect((await online(['plan:fee', 'derived:fee_change'], ['a']))[0]).toMatchObject({
      fee: [12.5, 'PRESENT', '2024-02-29T23:59:59.999999Z'],
      fee_change: [2.5, 'PRESENT', '2024-02-29T23:59:59.999999Z'],
    })
    expect(stores.ports.online.onlineOnly('plan', 'a')).toBe(false)
  })

  it('says that a view is unknown as Feast does', async () => {
    const { status, json } = await post('/write-to-online-store', { feature_view_name: 'nope', df: { a: [1] } })
    expect({ status, ...JSON.parse(json) }).toMatchObject({ status: 404, class: 'FeatureViewNotFoundException' })
  })
})

describe('materializing', () => {
  it('does the same once for callers that come together, and puts no older value over a newer one', async () => {
    const body = { start_ts: '2024-01-01T00:00:00Z', end_ts: '2024-02-01T00:00:00+00:00', feature_views: ['plan'] }
    const answers = await Promise.all(Array.from({ length: 8 }, () => post('/materialize', body)))
    for (const { status, json } of answers) {
      expect(status).toBe(200)
      expect(json).toEqual({ feature_views: [{ feature_view: 'plan', versions: 0, rows: 0, changed: 0 }] })
    }
    expect((await online(['plan:fee'], ['a']))[0]!.fee![0]).toBe(12.5)
  })

  it.each([
    ['an unknown view', { end_ts: '2024-02-01', feature_views: ['nope'] }, 404],
    ['a view that is not online', { end_ts: '2024-02-01', feature_views: ['costs'] }, 422],
    ['no time', { end_ts: 'soon' }, 422],
    ['a time that does not exist', { end_ts: '2024-02-30' }, 422],
    ['a version, which views have not', { end_ts: '2024-02-01', version: 'v2' }, 422],
  ])('refuses %s', async (_name, body, status) => {
    expect((await post('/materialize-incremental', body)).status).toBe(status)
  })

  it('refuses a range that ends before it begins, and one without ends', async () => {
    expect((await post('/materialize', { start_ts: '2024-02-01', end_ts: '2024-01-01' })).status).toBe(422)
    expect((await post('/materialize', { start_ts: '2024-02-01' })).status).toBe(422)
    expect((await post('/materialize', { disable_event_timestamp: true })).status).toBe(200)
  })
})

describe('features at a time', () => {
  const at = async (key: string, text: string) =>
    request(server.url, 'GET', `/features/${key}?as_of=${encodeURIComponent(text)}`)

  it('are what was known then', async () => {
    expect((await at('a', '2024-01-31')).json).toEqual({
      user_id: 'a',
      as_of: '2024-01-10',
      features: { hours: 29, net: 'DSL', fee: 10, fee_change: null, hour_share: 2.9 },
      statuses: {
        hours: 'PRESENT',
        net: 'PRESENT',
        fee: 'PRESENT',
        fee_change: 'NULL_VALUE',
        hour_share: 'PRESENT',
      },
    })
    expect((await at('a', '2024-02-29')).json.features).toMatchObject({ hours: 30, fee: 12.5, fee_change: 2.5 })
    expect((await at('b', '2024-02-29')).json.statuses).toMatchObject({ hours: 'OUTSIDE_MAX_AGE', fee: 'PRESENT' })
    expect((await at('a', '2024-02-15T00:00:00.000001+01:00')).json.features.fee).toBe(10)
  })

  it('are unknown before the first delivery, and for a key that nobody has', async () => {
    expect((await at('a', '2023-12-31')).json).toMatchObject({ status: 404, code: 'user_unknown' })
    expect((await at('nobody', '2024-01-31')).json).toMatchObject({ status: 404, code: 'user_unknown' })
  })

  it.each(['2024-13-01', 'now', '2024-01-01T00:00:00', ''])('are not given for "%s"', async (text) => {
    expect((await at('a', text)).json).toMatchObject({ status: 400, code: 'as_of_invalid' })
  })

  it('do not take a question that they do not know', async () => {
    expect((await request(server.url, 'GET', '/features/a?asof=2024-01-31')).json).toMatchObject({
      status: 422,
      code: 'unknown_field',
    })
  })
})
