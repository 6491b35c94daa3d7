import { expectTypeOf } from 'expect-type'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import project from '../../../../examples/streamflow/vigie.config.ts'
import { type Client, createClient } from '../../src/http/client.ts'
import { type RunningServer, startServer } from '../../src/http/server.ts'
import { constantModel, KNOWN, silent, storesForTests } from './serving.ts'

const stores = storesForTests(project)
let server: RunningServer
let client: Client<typeof project>

beforeAll(async () => {
  await stores.know({ known: KNOWN, holes: { ...KNOWN, skips_7d: null }, 'a/b c': KNOWN })
  await stores.enthrone(constantModel(project, 0.75))
  server = await startServer({ ports: stores.ports, project, host: '127.0.0.1', port: 0, logger: silent })
  client = createClient<typeof project>(`${server.url}/`)
})
afterAll(() => server.close())

describe('the client', () => {
  it('predicts with the types of the definition', async () => {
    const answer = await client.predict({ user_id: 'known' })
    expect(answer).toMatchObject({ user_id: 'known', prediction: 1, probability: 0.75, features_used: KNOWN })
    expectTypeOf(answer.user_id).toEqualTypeOf<string>()
    expectTypeOf(answer.prediction).toEqualTypeOf<0 | 1>()
    expectTypeOf(answer.features_used.net_service).toEqualTypeOf<'DSL' | 'Fiber optic' | 'No'>()
    expectTypeOf(answer.features_used.plan_stream_tv).toEqualTypeOf<boolean | null>()
    expectTypeOf(answer.features_used.monthly_fee).toEqualTypeOf<number>()
    // @ts-expect-error the definition has no such feature
    answer.features_used.monthly_fees
    // @ts-expect-error the key is called user_id
    const wrongKey = () => client.predict({ customer_id: 'known' })
    expectTypeOf(wrongKey).toBeFunction()
  })

  it('reads features, where anything may be null', async () => {
    const answer = await client.features({ user_id: 'holes' })
    expect(answer).toMatchObject({ user_id: 'holes', as_of: '2024-01-31', features: { ...KNOWN, skips_7d: null } })
    expect(answer.statuses).toMatchObject({ skips_7d: 'NULL_VALUE', monthly_fee: 'PRESENT' })
    expectTypeOf(answer.features.skips_7d).toEqualTypeOf<number | null>()
    expect((await client.features({ user_id: 'a/b c' })).user_id).toBe('a/b c')
  })

  it('reads features as they were known at a time', async () => {
    await expect(client.features({ user_id: 'known' }, { asOf: '2024-01-31' })).rejects.toMatchObject({
      code: 'user_unknown',
      message: 'no features were known for user_id=known at 2024-01-31',
    })
  })

  it('asks for health, model and reports', async () => {
    expect(await client.health()).toMatchObject({ status: 'ok', champion: { version: 1 }, degraded: [] })
    expect((await client.model()).features).toHaveLength(14)
    expect(await client.reports()).toEqual([])
  })

  it('throws what the server refused, with its code', async () => {
    await expect(client.predict({ user_id: 'NOPE' })).rejects.toMatchObject({
      name: 'ApiError',
      status: 404,
      code: 'user_unknown',
      hint: expect.stringMatching(/./),
    })
    await expect(client.predict({ user_id: 'holes' })).rejects.toMatchObject({
      code: 'features_missing',
      missingFeatures: ['skips_7d'],
    })
  })
})
