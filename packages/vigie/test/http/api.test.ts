import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import project from '../../../../examples/streamflow/vigie.config.ts'
import { asOf } from '../../src/domain/as-of.ts'
import { type RunningServer, startServer } from '../../src/http/server.ts'
import type { ReportName } from '../../src/ports/reports.ts'
import { type Answer, rawExchange, request } from './requests.ts'
import { constantModel, KNOWN, knowView, silent, storesForTests } from './serving.ts'

const stores = storesForTests(project)
let server: RunningServer
const start = () => startServer({ ports: stores.ports, project, host: '127.0.0.1', port: 0, logger: silent })
/** Every answer of the file, to be held against what the API says about itself. */
const answers: { readonly method: string; readonly path: string; readonly answer: Answer }[] = []
async function call(method: string, path: string, body?: string | Uint8Array<ArrayBuffer>, headers = {}) {
  const answer = await request(server.url, method, path, body, headers)
  answers.push({ method, path, answer })
  return answer
}
const predict = (body: string | Uint8Array<ArrayBuffer>, headers = {}) => call('POST', '/predict', body, headers)

const SHORT_NAMES = project.model.features.map(({ feature }) => feature)

describe('before there is a champion', () => {
  beforeAll(async () => {
    server = await start()
  })
  afterAll(() => server.close())

  it('is healthy and says that there is none', async () => {
    const { status, json } = await call('GET', '/health')
    expect(status).toBe(200)
    expect(json).toMatchObject({ status: 'ok', champion: null, degraded: [{ code: 'no_champion' }] })
  })

  it.each([
    ['POST', '/predict', '{"user_id":"A"}'],
    ['GET', '/model', undefined],
    ['GET', '/readyz', undefined],
  ])('answers %s %s with 503 no_champion', async (method, path, body) => {
    const { status, json } = await call(method, path, body)
    expect({ status, code: json.code }).toEqual({ status: 503, code: 'no_champion' })
  })
})

describe('with a champion', () => {
  let since: string

  beforeAll(async () => {
    await stores.know({
      known: KNOWN,
      'with space/and %': KNOWN,
      holes: { ...KNOWN, monthly_fee: null, skips_7d: null },
    })
    await knowView(stores.ports, project.model.features, 'usage', { partly: KNOWN }, asOf('2024-02-29'))
    const champion = await stores.enthrone(constantModel(project, 0.625))
    since = champion.since
    server = await start()
  })
  afterAll(() => server.close())

  it('says which one, and that all is well', async () => {
    expect((await call('GET', '/health')).json).toEqual({ status: 'ok', champion: { version: 1, since }, degraded: [] })
    expect((await call('GET', '/readyz')).json).toEqual({ status: 'ok' })
  })

  it('predicts, and shows exactly what it scored', async () => {
    const { status, headers, json } = await predict('{"user_id":"known"}')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(json).toEqual({
      user_id: 'known',
      prediction: 1,
      features_used: KNOWN,
      probability: 0.625,
      model: 'streamflow_churn',
      version: 1,
      prediction_id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
    })
    expect(Object.keys(json.features_used)).toEqual(SHORT_NAMES)
  })

  it('writes numbers in the shortest form that reads back to the same float64', async () => {
    const { text } = await predict('{"user_id":"known"}')
    for (const written of ['29.85', '24.217794500000004', '0.30000000000000004', '9007199254740991', '5e-324']) {
      expect(text).toMatch(new RegExp(`:${written.replaceAll('.', '\\.')}[,}]`))
    }
  })

  it('gives each prediction its own id', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => predict('{"user_id":"known"}')))
    expect(new Set(ids.map(({ json }) => json.prediction_id)).size).toBe(20)
  })

  it('does not know a user without features: 404 with the text of the reference', async () => {
    const { status, headers, json } = await predict('{"user_id":"NOPE"}')
    expect(status).toBe(404)
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(json).toMatchObject({
      code: 'user_unknown',
      error: 'Missing features for user_id=NOPE',
      missing_features: SHORT_NAMES,
    })
  })

  it('refuses a user with a null that may not be: 422 naming the features', async () => {
    const { status, json } = await predict('{"user_id":"holes"}')
    expect(status).toBe(422)
    expect(json).toMatchObject({
      code: 'features_missing',
      error: 'Missing features for user_id=holes',
      missing_features: ['monthly_fee', 'skips_7d'],
    })
  })

  it('refuses a user whom only some views know', async () => {
    const { status, json } = await predict('{"user_id":"partly"}')
    expect({ status, code: json.code }).toEqual({ status: 422, code: 'features_missing' })
    expect(json.missing_features).toContain('monthly_fee')
    expect(json.missing_features).not.toContain('watch_hours_30d')
  })

  it('shows features without a model, nulls included', async () => {
    const { status, json } = await call('GET', '/features/holes')
    expect(status).toBe(200)
    expect(json).toEqual({
      user_id: 'holes',
      as_of: '2024-01-31',
      features: { ...KNOWN, monthly_fee: null, skips_7d: null },
      statuses: {
        ...Object.fromEntries(Object.keys(KNOWN).map((name) => [name, 'PRESENT'])),
        monthly_fee: 'NULL_VALUE',
        skips_7d: 'NULL_VALUE',
        plan_stream_tv: 'NULL_VALUE',
      },
    })
    expect((await call('GET', `/features/${encodeURIComponent('with space/and %')}`)).json.user_id).toBe(
      'with space/and %',
    )
    expect((await call('GET', '/features/NOPE')).status).toBe(404)
  })

  it('describes the model', async () => {
    const { json } = await call('GET', '/model')
    expect(json).toMatchObject({ name: 'streamflow_churn', version: 1, since, threshold: 0.5 })
    expect(json.artefact).toMatch(/^[0-9a-f]{64}$/)
    expect(json.features).toHaveLength(14)
    expect(json.features[5]).toEqual({
      name: 'net_service',
      view: 'subscription',
      type: 'category',
      optional: false,
      categories: ['DSL', 'Fiber optic', 'No'],
    })
  })

  it.each([
    ['half an object', '{"user_id":', 400, 'bad_json'],
    ['an array', '[1]', 400, 'bad_json'],
    ['null', 'null', 400, 'bad_json'],
    ['nothing', '', 400, 'bad_json'],
    ['NaN', '{"user_id":NaN}', 400, 'bad_json'],
    ['a number beyond float64', '{"user_id":1e400}', 400, 'bad_json'],
    ['__proto__', '{"user_id":"known","__proto__":{"x":1}}', 400, 'bad_json'],
    ['constructor.prototype', '{"user_id":"known","constructor":{"prototype":{}}}', 400, 'bad_json'],
    ['invalid UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d), 400, 'bad_json'],
    ['a key twice', '{"user_id":"known","user_id":"known"}', 400, 'duplicate_key'],
    ['100,000 levels', `{"user_id":${'['.repeat(1e5)}${']'.repeat(1e5)}}`, 400, 'too_deep'],
    ['a rounded integer', '{"user_id":9007199254740993}', 422, 'unsafe_integer'],
    ['a lone surrogate', '{"user_id":"\\ud800"}', 422, 'body_invalid'],
    ['a NUL', '{"user_id":"a\\u0000"}', 422, 'body_invalid'],
    ['no key', '{}', 422, 'body_invalid'],
    ['a number for a text', '{"user_id":123}', 422, 'body_invalid'],
    ['null for a text', '{"user_id":null}', 422, 'body_invalid'],
    ['true for a text', '{"user_id":true}', 422, 'body_invalid'],
    ['a key of 257 characters', `{"user_id":"${'x'.repeat(257)}"}`, 422, 'body_invalid'],
    ['an unknown field', '{"user_id":"known","x":1}', 422, 'unknown_field'],
    ['300 KB', `{"user_id":"${'x'.repeat(300_000)}"}`, 413, 'too_large'],
  ])('refuses a body of %s', async (_name, body, status, code) => {
    const answer = await predict(body)
    expect({ status: answer.status, code: answer.json.code }).toEqual({ status, code })
    expect(answer.json).toMatchObject({ status, hint: expect.stringMatching(/./), title: code.replaceAll('_', ' ') })
  })

  it('accepts a byte-order mark', async () => {
    expect((await predict('\ufeff{"user_id":"known"}')).status).toBe(200)
  })

  it.each([
    ['text/plain'],
    ['text/csv'],
    ['application/json garbage'],
    ['application/json\ta'],
    ['application/json; charset=latin1'],
    ['application/jsonp'],
  ])('refuses the content type %s', async (type) => {
    const { status, json } = await predict('{"user_id":"known"}', { 'content-type': type })
    expect({ status, code: json.code }).toEqual({ status: 415, code: 'unsupported_media_type' })
  })

  it('refuses a body without a content type, and a compressed one', async () => {
    const bare = await rawExchange(
      server.port,
      'POST /predict HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}',
    )
    expect(bare).toMatch(/^HTTP\/1\.1 415 /)
    expect((await predict('{"user_id":"known"}', { 'content-encoding': 'gzip' })).status).toBe(415)
    expect((await predict('{"user_id":"known"}', { 'content-type': 'application/json; charset=UTF-8' })).status).toBe(
      200,
    )
  })

  it.each([
    ['GET', '/predict', 'POST'],
    ['HEAD', '/predict', 'POST'],
    ['DELETE', '/predict', 'POST'],
    ['OPTIONS', '/predict', 'POST'],
    ['PUT', '/health', 'GET, HEAD'],
    ['POST', '/features/known', 'GET, HEAD'],
    ['PROPFIND', '/model', 'GET, HEAD'],
  ])('answers %s %s with 405 and Allow: %s', async (method, path, allow) => {
    const { status, headers } = await call(method, path)
    expect({ status, allow: headers.get('allow') }).toEqual({ status: 405, allow })
  })

  it.each([
    ['/nope'],
    ['/Predict'],
    ['//health'],
    ['/features'],
    ['/features/a/b'],
    ['/health%2f'],
    ['/reports/2024-01-31/x'],
  ])('has nothing at %s', async (path) => {
    const { status, json } = await call('GET', path)
    expect({ status, code: json.code }).toEqual({ status: 404, code: 'route_unknown' })
  })

  it('answers HEAD as GET without a body, and takes a slash at the end of a path', async () => {
    const head = await call('HEAD', '/health')
    expect({ status: head.status, text: head.text }).toEqual({ status: 200, text: '' })
    expect((await call('GET', '/health/')).status).toBe(200)
  })

  it('refuses a path that is no UTF-8, and a key with a NUL', async () => {
    expect((await call('GET', '/features/a%00b')).json).toMatchObject({
      status: 422,
      code: 'body_invalid',
      field: '/user_id',
    })
    const { status, json } = await call('GET', '/features/%E0%A4%A')
    expect({ status, code: json.code }).toEqual({ status: 400, code: 'request_invalid' })
  })

  it('answers only to the names of this machine, on every route and for every method', async () => {
    for (const line of [
      'GET /health',
      'POST /predict',
      'GET /nope',
      'DELETE /model',
      'GET /metrics',
      'GET /openapi.json',
    ]) {
      const answer = await rawExchange(
        server.port,
        `${line} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
      )
      expect(answer).toMatch(/^HTTP\/1\.1 421 /)
      expect(answer).toContain('"code":"host_refused"')
    }
    expect((await call('GET', '/health', undefined, { origin: 'http://evil.example' })).json.code).toBe(
      'origin_refused',
    )
    expect((await call('GET', '/health', undefined, { origin: server.url })).status).toBe(200)
  })

  it.each([
    ['no Host', 'GET /health HTTP/1.1\r\n\r\n', 400],
    [
      'two lengths that differ',
      'POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
      400,
    ],
    [
      'length and chunks',
      'POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
    ],
    [
      'a bad chunk',
      'POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      400,
    ],
    ['HTTP/0.9, which has no Host', 'GET /health\r\n\r\n', 421],
    ['no HTTP at all', '\u0016\u0003\u0001\r\n\r\n', 400],
    ['20 KB in a header', `GET /health HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    [
      '1,000 headers',
      `GET /health HTTP/1.1\r\nHost: localhost\r\n${'X-Some-Header: some value\r\n'.repeat(1000)}\r\n`,
      431,
    ],
    ['20 KB of path', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, 431],
  ])('closes the connection on %s', async (_name, bytes, status) => {
    expect(await rawExchange(server.port, bytes)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  })

  it('closes the connection of a body that says it is too long, or never ends', async () => {
    const head = 'POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
    expect(await rawExchange(server.port, `${head}Content-Length: 99999999\r\n\r\n{`)).toMatch(/^HTTP\/1\.1 413 /)
    const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`
    const endless = await rawExchange(server.port, `${head}Transfer-Encoding: chunked\r\n\r\n`, ...Array(6).fill(chunk))
    expect(endless).toMatch(/^HTTP\/1\.1 413 /)
  })

  it('keeps browsers from reading, framing or sniffing what it says', async () => {
    const { headers } = await call('GET', '/health')
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
    })
    expect(headers.has('access-control-allow-origin')).toBe(false)
  })

  it('serves the reports of the monitor', async () => {
    expect((await call('GET', '/reports')).json).toEqual({ reports: [] })
    const date = asOf('2024-02-29')
    await stores.ports.reports.save(
      { kind: 'monitor', asOf: date },
      { html: '<!doctype html><p>drift', json: '{"share":0.0714}' },
    )
    expect((await call('GET', '/reports')).json).toEqual({
      reports: [{ kind: 'monitor', as_of: date, html: '/reports/2024-02-29', json: '/reports/2024-02-29.json' }],
    })
    const page = await call('GET', '/reports/2024-02-29')
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page.text).toBe('<!doctype html><p>drift')
    expect((await call('GET', '/reports/2024-02-29.json')).json).toEqual({ share: 0.0714 })
    expect((await call('GET', '/reports/2024-01-31')).json).toMatchObject({ status: 404, code: 'report_unknown' })
    expect((await call('GET', '/reports/..%2f..%2fetc%2fpasswd')).json).toMatchObject({
      status: 400,
      code: 'as_of_invalid',
    })
  })

  it.each([
    ['comparison', '2024-02-29-v2-v1', { challenger: 2, champion: 1 }],
    ['comparison', '2024-02-29-v1-first', { challenger: 1, champion: null }],
    ['card', '2024-02-29-v2', { version: 2 }],
  ] as const)('serves a %s, %s', async (kind, text, about) => {
    const name = { kind, asOf: asOf('2024-02-29'), ...about } as ReportName
    await stores.ports.reports.save(name, { html: `<!doctype html><p>${text}`, json: `{"text":"${text}"}` })
    const at = `/reports/${kind}/${text}`
    const { reports } = (await call('GET', '/reports')).json
    expect(reports).toContainEqual({ kind, as_of: '2024-02-29', html: at, json: `${at}.json` })
    expect((await call('GET', at)).text).toBe(`<!doctype html><p>${text}`)
    expect((await call('GET', `${at}.json`)).json).toEqual({ text })
    expect((await call('GET', '/')).text).toContain(`href="${at}"`)
    for (const wrong of ['2024-02-29-v9-v8', '2024-02-29-v02', '2024-02-30-v1', 'v1', '..%2f..%2fx']) {
      expect((await call('GET', `/reports/${kind}/${wrong}`)).json).toMatchObject({ code: 'report_unknown' })
    }
  })

  it('serves what was found in deliveries', async () => {
    const name = { kind: 'validation', asOf: asOf('2024-02-29'), delivery: '0123456789ab' } as const
    await stores.ports.reports.save(name, { html: '<!doctype html><p>held', json: '{"verdict":"held"}' })
    const at = '/reports/validation/2024-02-29-0123456789ab'
    const { reports } = (await call('GET', '/reports')).json
    expect(reports).toContainEqual({ kind: 'validation', as_of: '2024-02-29', html: at, json: `${at}.json` })
    expect((await call('GET', at)).text).toBe('<!doctype html><p>held')
    expect((await call('GET', `${at}.json`)).json).toEqual({ verdict: 'held' })
    expect((await call('GET', '/')).text).toContain(`href="${at}"`)
    for (const [wrong, code] of [
      ['2024-02-29-0123456789ac', 'report_unknown'],
      ['2024-02-29-..%2f..%2fx', 'report_unknown'],
      ['2024-02-30-0123456789ab', 'report_unknown'],
    ]) {
      expect((await call('GET', `/reports/validation/${wrong}`)).json).toMatchObject({ code })
    }
  })

  it('has a page that names every address', async () => {
    const { headers, text } = await call('GET', '/')
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    for (const address of ['POST /predict', 'GET /features/{user_id}', 'GET /reports/{as_of}.json'])
      expect(text).toContain(address)
  })

  it('counts requests by route and status, and never by user', async () => {
    await predict('{"user_id":"known"}')
    await predict('{"user_id":"someone"}')
    await call('GET', '/some/path')
    const { headers, text } = await call('GET', '/metrics')
    expect(headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    expect(text).toMatch(/^api_requests_total\{route="\/predict",status="200"\} [1-9]/m)
    expect(text).toMatch(/^api_requests_total\{route="\/predict",status="404"\} [1-9]/m)
    expect(text).toMatch(/^api_requests_total\{route="none",status="404"\} [1-9]/m)
    expect(text).toMatch(/^api_request_latency_seconds_bucket\{le="0\.001",route="\/predict"\} \d/m)
    expect(text).toMatch(/^vigie_champion_version\{model="streamflow_churn"\} 1$/m)
    expect(text).toMatch(/^vigie_champion_load_failing\{model="streamflow_churn"\} 0$/m)
    expect(text).not.toMatch(/someone|some\/path/)
  })

  it('describes itself in OpenAPI 3.1: every route, its values by type, its refusals', async () => {
    const { json } = await call('GET', '/openapi.json')
    expect(json.openapi).toBe('3.1.0')
    expect(Object.keys(json.paths).sort()).toEqual([
      '/',
      '/features/{user_id}',
      '/get-online-features',
      '/health',
      '/materialize',
      '/materialize-incremental',
      '/metrics',
      '/model',
      '/openapi.json',
      '/predict',
      '/push',
      '/readyz',
      '/reports',
      '/reports/card/{card}',
      '/reports/card/{card}.json',
      '/reports/comparison/{comparison}',
      '/reports/comparison/{comparison}.json',
      '/reports/validation/{delivery}',
      '/reports/validation/{delivery}.json',
      '/reports/{as_of}',
      '/reports/{as_of}.json',
      '/write-to-online-store',
    ])
    const { requestBody, responses } = json.paths['/predict'].post
    expect(requestBody.content['application/json'].schema).toMatchObject({
      properties: { user_id: { type: 'string', maxLength: 256, pattern: '^[^\\x00]*$' } },
      required: ['user_id'],
      additionalProperties: false,
    })
    const used = responses[200].content['application/json'].schema.properties.features_used.properties
    expect(used.net_service).toEqual({ type: 'string', enum: ['DSL', 'Fiber optic', 'No'] })
    expect(used.plan_stream_tv).toEqual({ type: ['boolean', 'null'] })
    expect(Object.keys(responses)).toEqual(
      expect.arrayContaining(['200', '400', '404', '413', '415', '422', '500', '503']),
    )
    expect(responses[404].content).toHaveProperty('application/problem+json')
    expect(json.paths['/reports/{as_of}'].get.parameters).toMatchObject([{ name: 'as_of', example: '2024-01-31' }])
  })

  it('has answered every request of this file as it describes', async () => {
    const { paths } = (await call('GET', '/openapi.json')).json
    const templates = Object.keys(paths).map((template) => ({
      operations: paths[template],
      pattern: new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}/?$`),
    }))
    let checked = 0
    for (const { method, path, answer } of answers) {
      const operation = templates.findLast(({ pattern }) => pattern.test(path))?.operations[method.toLowerCase()]
      if (!operation) continue
      const described = operation.responses[answer.status]
      const type = answer.headers.get('content-type')!.split(';', 1)[0]!
      expect({ method, path, status: answer.status, types: Object.keys(described?.content ?? {}) }).toMatchObject({
        types: [type],
      })
      if (answer.json === undefined) continue
      const shape = z.fromJSONSchema(described.content[type].schema)
      expect({ path, issues: shape.safeParse(answer.json).error?.issues }).toEqual({ path, issues: undefined })
      checked++
    }
    expect(checked).toBeGreaterThan(50)
  })
})
