import { cpSync, existsSync, rmSync } from 'node:fs'
import path from 'node:path'
import { simulate } from '../../../examples/streamflow/simulate.ts'

/** Deliveries of `smallMonths`, in their order, with what happens in each. */
export const SMALL_MONTHS = [
  { folder: 'month_000', asOf: '2024-01-31', happens: 'the first champion' },
  { folder: 'month_001', asOf: '2024-02-29', happens: 'nothing' },
  { folder: 'month_002', asOf: '2024-03-31', happens: 'a broken file' },
  { folder: 'month_002_resent', asOf: '2024-03-31', happens: 'another law: the challenger is promoted' },
] as const

export const SMALL_USERS = 600

/** Few months of few subscribers, in which everything happens that a loop can meet. Made once, then left alone. */
export async function smallMonths(dir: string): Promise<string> {
  if (existsSync(dir)) return dir
  const simulated = `${dir}.simulated`
  await simulate({ dir: simulated, users: SMALL_USERS, seed: 7 })
  const from = ['month_000', 'month_001', 'month_003', 'month_004']
  for (const [i, { folder }] of SMALL_MONTHS.entries()) {
    cpSync(path.join(simulated, from[i]!), path.join(dir, folder), { recursive: true })
  }
  rmSync(simulated, { recursive: true })
  return dir
}
