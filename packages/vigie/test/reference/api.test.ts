import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import project from '../../../../examples/streamflow/vigie.config.ts'
import { asOf } from '../../src/domain/as-of.ts'
import { type RunningServer, startServer } from '../../src/http/server.ts'
import type { FeatureValue } from '../../src/loop/predict.ts'
import { request } from '../http/requests.ts'
import { constantModel, silent, storesForTests } from '../http/serving.ts'
import { sharedPath } from '../shared.ts'

const contract = sharedPath('golden/seed/api_contract.json')
const features = sharedPath('golden/features/historical_2024-02-29.csv')

interface Pair {
  readonly name: string
  readonly request: {
    readonly method: string
    readonly path: string
    readonly body: string | null
    readonly content_type: string | null
  }
  readonly status: number
  readonly allow: string | null
  readonly body: string
}

/** Our status where it is another than the reference's, and why. Everything that is not here is answered alike. */
const DIFFERENT: Readonly<Record<string, readonly [status: number, why: string]>> = {
  'predict unknown user': [404, 'the reference says 200 with an error in the body'],
  'predict empty id': [404, 'the same'],
  'predict extra field': [422, 'the reference drops what it does not know, so a typo passes'],
  'predict bad json': [400, 'a body that cannot be read is not one that reads wrongly'],
  'predict array body': [400, 'the same'],
  'predict no body': [400, 'the same'],
  'predict text/plain': [415, 'the media type is what is wrong'],
  'features path (absent in the TP6 app)': [200, 'an earlier version of the reference had it'],
  'HEAD health': [200, 'HEAD is answered wherever GET is'],
}

describe.skipIf(!contract || !features)(
  'the reference API (skipped without the folder that VIGIE_SHARED names)',
  () => {
    const stores = storesForTests(project)
    let server: RunningServer
    const pairs = new Map<string, Pair>()

    beforeAll(async () => {
      for (const pair of JSON.parse(await readFile(contract!, 'utf8')) as Pair[]) pairs.set(pair.name, pair)
      await stores.know(await goldenRows(features!, ['7590-VHVEG', '1066-JKSGK']), asOf('2024-02-29'))
      await stores.enthrone(constantModel(project, 0.75))
      server = await startServer({ ports: stores.ports, project, host: '127.0.0.1', port: 0, logger: silent })
    })
    afterAll(() => server.close())

    async function both(name: string) {
      const theirs = pairs.get(name)!
      const { method, path, body, content_type: type } = theirs.request
      const ours = await request(
        server.url,
        method,
        path,
        body ?? undefined,
        type === null ? {} : { 'content-type': type },
      )
      return { theirs, ours }
    }

    it('is answered with its status and Allow, but for the listed differences', async () => {
      expect(pairs.size).toBe(20)
      for (const name of pairs.keys()) {
        const { theirs, ours } = await both(name)
        const [status] = DIFFERENT[name] ?? [theirs.status]
        expect({ name, status: ours.status }).toEqual({ name, status })
        if (ours.status === 405) expect(ours.headers.get('allow')).toBe(theirs.allow)
      }
      expect([...pairs.keys()]).toEqual(expect.arrayContaining(Object.keys(DIFFERENT)))
    })

    it('is answered with its health, and more', async () => {
      const { theirs, ours } = await both('health')
      expect(ours.json).toMatchObject(JSON.parse(theirs.body))
    })

    it('gives the values that ours are when rounded to float32, and true where ours are null', async () => {
      for (const name of ['predict known', 'predict known no internet']) {
        const { theirs, ours } = await both(name)
        const { user_id, features_used } = JSON.parse(theirs.body)
        expect(ours.json.user_id).toBe(user_id)
        const rounded = Object.entries(ours.json.features_used as Record<string, FeatureValue>).map(
          ([feature, value]) => [feature, typeof value === 'number' ? Math.fround(value) : (value ?? true)],
        )
        expect(Object.fromEntries(rounded)).toEqual(features_used)
      }
      expect((await both('predict known no internet')).ours.json.features_used.plan_stream_tv).toBeNull()
    })

    it('names the missing features alike, in another order', async () => {
      for (const name of ['predict unknown user', 'predict empty id']) {
        const { theirs, ours } = await both(name)
        const { error, missing_features } = JSON.parse(theirs.body)
        expect(ours.json.error).toBe(error)
        expect([...ours.json.missing_features].sort()).toEqual([...missing_features].sort())
      }
    })

    it('counts requests and their latency under names that are kept', async () => {
      const { theirs, ours } = await both('metrics')
      for (const name of ['api_requests_total', 'api_request_latency_seconds']) {
        for (const text of [theirs.body, ours.text]) expect(text).toMatch(new RegExp(`^# TYPE ${name} `, 'm'))
      }
    })

    it('is described by the same version of OpenAPI, with its paths', async () => {
      const { theirs, ours } = await both('openapi')
      const described = JSON.parse(theirs.body)
      expect(ours.json.openapi).toBe(described.openapi)
      expect(Object.keys(ours.json.paths)).toEqual(expect.arrayContaining(Object.keys(described.paths)))
    })
  },
)

/** Rows of the reference's features, with the nulls that it turns to true: nobody streams without internet. */
async function goldenRows(
  file: string,
  keys: readonly string[],
): Promise<Record<string, Record<string, FeatureValue>>> {
  const [header = '', ...lines] = (await readFile(file, 'utf8')).trimEnd().split('\n')
  const names = header.split(',')
  const rows: Record<string, Record<string, FeatureValue>> = {}
  for (const line of lines.filter((text) => keys.includes(text.split(',', 1)[0]!))) {
    const fields = new Map(line.split(',').map((text, i) => [names[i]!, text]))
    const offline = fields.get('net_service') === 'No'
    rows[fields.get('user_id')!] = Object.fromEntries(
      project.model.features.map(({ feature, type, optional }) => {
        const text = fields.get(feature)!
        if (optional && offline) return [feature, null]
        if (type === 'boolean') return [feature, text === 'True']
        return [feature, type === 'category' ? text : Number(text)]
      }),
    )
  }
  return rows
}
