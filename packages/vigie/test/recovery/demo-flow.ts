import type { Database } from '../../src/adapters/postgres/database.ts'
import { flow } from '../../src/flows/flow.ts'

export const STEPS = ['fetch', 'store', 'announce'] as const

/** A moment in a run: a step's body has begun, its effect is committed, its result is recorded. */
export type Moment = `${(typeof STEPS)[number]}:${'begun' | 'effect' | 'recorded'}`
export const MOMENTS: readonly Moment[] = STEPS.flatMap((step) => [
  `${step}:begun` as const,
  `${step}:effect` as const,
  `${step}:recorded` as const,
])

export async function makeDemoTables(database: Database): Promise<void> {
  await database.rows('create schema demo')
  await database.rows('create table demo.body (key text not null, pid integer not null)')
  await database.rows('create table demo.effect (key text primary key, pid integer not null)')
}

/** Three steps, each with an idempotent effect in the database. `reached` can hold the run up, or end the process. */
export const demoFlow = (database: Database, reached: (moment: Moment, run: string) => Promise<void>) =>
  flow('demo', async (step, input: { readonly run: string; readonly n: number }) => {
    let total = 0
    for (const name of STEPS) {
      total += await step(
        name,
        async ({ key }) => {
          await database.rows('insert into demo.body values ($1, $2)', [key, process.pid])
          await reached(`${name}:begun`, input.run)
          await database.rows('insert into demo.effect values ($1, $2) on conflict do nothing', [key, process.pid])
          await reached(`${name}:effect`, input.run)
          return input.n
        },
        { retries: 8 },
      )
      await reached(`${name}:recorded`, input.run)
    }
    return { total }
  })

/** How often each step's body began and how often its effect is there, in the order of the steps. */
export async function traces(database: Database, run: string): Promise<{ bodies: number[]; effects: number[] }> {
  const count = async (table: string, step: string) => {
    const row = await database.row<{ n: number }>(`select count(*)::int as n from demo.${table} where key = $1`, [
      `${run}:${step}`,
    ])
    return row?.n ?? 0
  }
  return {
    bodies: await Promise.all(STEPS.map((step) => count('body', step))),
    effects: await Promise.all(STEPS.map((step) => count('effect', step))),
  }
}
