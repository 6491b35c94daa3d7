import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'

export type SourceName = 'users' | 'subscriptions' | 'usage_agg_30d' | 'payments_agg_90d' | 'support_agg_90d' | 'labels'

/** The six files of one month as text. */
export type Delivery = Record<SourceName, string>

/** A small month of the StreamFlow example. `month` moves the values, so that two months differ. */
export function streamflowDelivery({ users = 8, month = 0 } = {}): Delivery {
  const rows = (header: string, row: (i: number) => string) =>
    [header, ...Array.from({ length: users }, (_, i) => `${key(i)},${row(i)}`), ''].join('\n')
  const flag = (value: boolean) => (value ? 'True' : 'False')
  return {
    users: rows(
      'user_id,signup_date,user_gender,user_is_senior,has_family,has_dependents',
      (i) => `2022-0${1 + (i % 9)}-1${i % 10},${i % 2 ? 'Female' : 'Male'},False,True,False`,
    ),
    subscriptions: rows(
      'user_id,months_active,plan_stream_tv,plan_stream_movies,contract_type,paperless_billing,monthly_fee,total_paid,net_service',
      (i) => {
        const plans = i % 3 === 2 ? ',' : `${flag(i % 2 === 0)},${flag(i % 2 === 1)}`
        const net = ['DSL', 'Fiber optic', 'No'][i % 3]
        return `${i + month},${plans},"Month, to month",${flag(i % 2 === 0)},${20.5 + i},${(20.5 + i) * i},${net}`
      },
    ),
    usage_agg_30d: rows(
      'user_id,watch_hours_30d,avg_session_mins_7d,unique_devices_30d,skips_7d,rebuffer_events_7d',
      (i) => `${24.483650766787413 - month / 3 + i},29.14104464084511,${1 + (i % 3)},${i},${month}`,
    ),
    payments_agg_90d: rows('user_id,failed_payments_90d', (i) => `${i % 2}`),
    support_agg_90d: rows('user_id,support_tickets_90d,ticket_avg_resolution_hrs_90d', (i) => `${i % 4},${8 + i}.6`),
    labels: rows('user_id,churn_label', (i) => flag((i + month) % 3 === 0)),
  }
}

/** The `i`-th user. */
export const key = (i: number): string => `${String(i).padStart(4, '0')}-ABCDE`

/** Writes the files of a delivery into a folder of their own. */
export async function deliver(parent: string, name: string, delivery: Partial<Delivery>): Promise<string> {
  const folder = path.join(parent, name)
  await mkdir(folder)
  for (const [source, text] of Object.entries(delivery)) await writeFile(path.join(folder, `${source}.csv`), text)
  return folder
}
