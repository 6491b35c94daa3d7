import { createWriteStream, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { randomLcg, randomNormal, randomPoisson, randomUniform } from 'd3-random'

/**
 * Simulated StreamFlow months with planted, known truth.
 *
 * **Calibration.** The shape follows two real months of 7,043 subscribers, of which only summary figures are used here:
 * shares of the three connection kinds (34, 44, 22 %), monthly fee by connection and plan (means and standard deviations),
 * tenure (mean 32, from 0 to 72, many new and many old), Poisson rates of rebuffers 2.31, skips 5.05, failed payments
 * 0.161 and tickets 0.303, watch hours as 19.75 + 0.1525 x fee with a standard deviation of 5, which move by -0.6 +- 0.9
 * a month within a user. Plan columns are null without internet, and `avg_session_mins_7d` is one constant, as there.
 *
 * **Truth.** Churn follows one of two logistic laws on standardised inputs, whose coefficients are those that a logistic
 * regression finds in the first and in the second real month:
 * - `tenure`: new, fibre and paperless subscribers leave (base rate 26.5 %, best AUC about 0.83);
 * - `friction`: failed payments, tickets and little watching make people leave (24 %, best AUC about 0.66).
 *
 * Labels are drawn anew each month. A model of one law is no better than chance under the other.
 */
export interface Simulation {
  readonly dir: string
  /** Number of subscribers, the same in every month. */
  readonly users: number
  readonly seed: number
  readonly onProgress?: (share: number) => void
}

type Law = 'tenure' | 'friction'

/** What is planted in one delivery. */
export interface PlantedMonth {
  readonly folder: string
  readonly kind: 'first' | 'quiet' | 'harmless_drift' | 'broken' | 'resent' | 'concept_change'
  readonly law: Law
  readonly note: string
}

/** The deliveries in their order. A folder that ends in `_resent` is the same month again. */
export const TIMELINE: readonly PlantedMonth[] = [
  { folder: 'month_000', kind: 'first', law: 'tenure', note: 'the first month: there is no champion yet' },
  { folder: 'month_001', kind: 'quiet', law: 'tenure', note: 'nothing changes' },
  {
    folder: 'month_002',
    kind: 'harmless_drift',
    law: 'tenure',
    note: 'skips_7d and rebuffer_events_7d rise for good; churn does not depend on them',
  },
  { folder: 'month_003', kind: 'broken', law: 'tenure', note: 'usage_agg_30d.csv is cut in the middle of a row' },
  { folder: 'month_003_resent', kind: 'resent', law: 'tenure', note: 'the same month, complete' },
  { folder: 'month_004', kind: 'concept_change', law: 'friction', note: 'people leave for other reasons; inputs stay' },
]

interface Subscriber {
  readonly id: string
  readonly signup: string
  readonly female: boolean
  readonly senior: boolean
  readonly family: boolean
  readonly dependents: boolean
  readonly net: 'DSL' | 'Fiber optic' | 'No'
  readonly tv: boolean
  readonly movies: boolean
  readonly contract: 'Month-to-month' | 'One year' | 'Two year'
  readonly paperless: boolean
  readonly fee: number
  readonly tenure: number
  readonly devices: number
  readonly resolutionHours: number
  watch: number
  skips: number
  rebuffers: number
}

interface Month {
  readonly tenure: number
  readonly failed: number
  readonly tickets: number
  readonly churned: boolean
}

/** Writes the deliveries and `truth.json`, whole or not at all; a finished folder with the same truth is left as it is. */
export async function simulate({ dir, users, seed, onProgress }: Simulation): Promise<readonly PlantedMonth[]> {
  if (existsSync(path.join(dir, 'truth.json'))) return TIMELINE
  const fresh = `${dir}.new-${process.pid}`
  rmSync(fresh, { recursive: true, force: true })
  const people = subscribers(users, seed)
  for (const [turn, planted] of TIMELINE.entries()) {
    await writeMonth(path.join(fresh, planted.folder), people, planted, seed)
    onProgress?.((turn + 1) / TIMELINE.length)
  }
  writeFileSync(path.join(fresh, 'truth.json'), `${JSON.stringify({ users, seed, timeline: TIMELINE }, null, 2)}\n`)
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(path.dirname(dir), { recursive: true })
  renameSync(fresh, dir)
  return TIMELINE
}

const HARMLESS_FROM = 2

/** The whole month number of a folder: `month_003_resent` is 3. */
const monthOf = (folder: string): number => Number(folder.slice(6, 9))

/** A generator of its own for each purpose, so that no draw of one changes another. */
function source(seed: number, ...purpose: readonly number[]): () => number {
  let state = seed >>> 0
  for (const part of purpose) state = (Math.imul(state ^ (part + 0x9e3779b9), 0x85ebca6b) ^ (state >>> 13)) >>> 0
  const random = randomLcg(state / 2 ** 32)
  for (let i = 0; i < 8; i++) random()
  return random
}

function subscribers(n: number, seed: number): Subscriber[] {
  const random = source(seed, 1)
  const uniform = randomUniform.source(random)()
  const normal = randomNormal.source(random)
  const poisson = randomPoisson.source(random)
  const ids = new Set<string>()
  const people: Subscriber[] = []
  for (let i = 0; i < n; i++) {
    const net = pick(uniform(), { DSL: 0.344, 'Fiber optic': 0.439, No: 0.217 })
    const tv = net !== 'No' && uniform() < (net === 'DSL' ? 0.395 : 0.565)
    const movies = net !== 'No' && uniform() < (tv ? 0.71 : 0.28)
    const tenure = Math.round(between(TENURE, uniform()))
    const year = Math.min(1, tenure / 72)
    const contract = pick(uniform(), {
      'Month-to-month': 0.95 - 0.85 * year,
      'One year': 0.03 + 0.3 * year,
      'Two year': 0.02 + 0.55 * year,
    })
    const base = { DSL: 46, 'Fiber optic': 77, No: 21 }[net]
    const spread = { DSL: 10, 'Fiber optic': 6, No: 1.5 }[net]
    const fee = Math.max(
      18.25,
      base + 13 * Number(tv) + 13 * Number(movies) + 0.08 * (tenure - 32) + normal(0, spread)(),
    )
    people.push({
      id: uniqueId(uniform, ids),
      signup: new Date(Date.UTC(2022, 0, 1 + Math.floor(uniform() * 37))).toISOString().slice(0, 10),
      female: uniform() < 0.495,
      senior: uniform() < 0.162,
      family: uniform() < 0.483,
      dependents: uniform() < 0.3,
      net,
      tv,
      movies,
      contract,
      paperless: uniform() < { DSL: 0.56, 'Fiber optic': 0.77, No: 0.29 }[net],
      fee: round(fee, 20),
      tenure,
      devices: 1 + Math.floor(uniform() * 3),
      resolutionHours: round(Math.max(1, normal(9.99, 3.9)()), 10),
      watch: 19.75 + 0.1525 * fee + normal(0, 5)(),
      skips: poisson(5.05)(),
      rebuffers: poisson(2.31)(),
    })
  }
  return people
}

/** Tenure in months at the quantiles 0, 0.1, 0.25, 0.5, 0.75, 0.9 and 1. */
const TENURE = [
  [0, 0],
  [0.1, 2],
  [0.25, 9],
  [0.5, 29],
  [0.75, 55],
  [0.9, 69],
  [1, 72],
] as const

/** The value at quantile `u`, straight lines between the given ones. */
function between(quantiles: readonly (readonly [number, number])[], u: number): number {
  const i = Math.max(
    1,
    quantiles.findIndex(([q]) => u <= q),
  )
  const [q0, x0] = quantiles[i - 1]!
  const [q1, x1] = quantiles[i]!
  return x0 + ((u - q0) / (q1 - q0)) * (x1 - x0)
}

function pick<K extends string>(u: number, shares: Readonly<Record<K, number>>): K {
  let left = u
  const names = Object.keys(shares) as K[]
  for (const name of names) {
    left -= shares[name]
    if (left < 0) return name
  }
  return names.at(-1)!
}

function uniqueId(uniform: () => number, taken: Set<string>): string {
  for (;;) {
    const digits = String(Math.floor(uniform() * 10_000)).padStart(4, '0')
    const letters = Array.from({ length: 5 }, () => String.fromCharCode(65 + Math.floor(uniform() * 26))).join('')
    const id = `${digits}-${letters}`
    if (taken.has(id)) continue
    taken.add(id)
    return id
  }
}

const round = (x: number, parts: number): number => Math.round(x * parts) / parts

/** Moves everyone by a month (a re-sent month moves nobody again) and writes the six files. */
async function writeMonth(dir: string, people: Subscriber[], planted: PlantedMonth, seed: number): Promise<void> {
  const month = monthOf(planted.folder)
  if (planted.kind !== 'resent' && month > 0) move(people, planted, source(seed, 2, month))
  const random = source(seed, 3, month)
  const months = people.map((person) => outcome(person, month, planted.law, random))
  mkdirSync(dir, { recursive: true })
  for (const file of files(people, months)) {
    const target = path.join(dir, `${file.name}.csv`)
    const cut = planted.kind === 'broken' && file.name === 'usage_agg_30d'
    await pipeline(Readable.from(chunks(file.header, file.rows, people.length, cut)), createWriteStream(target))
  }
}

function move(people: Subscriber[], planted: PlantedMonth, random: () => number): void {
  const step = randomNormal.source(random)(-0.05, 0.93)
  const poisson = randomPoisson.source(random)
  const harmless = planted.kind === 'harmless_drift'
  const rebufferRate = monthOf(planted.folder) < HARMLESS_FROM ? 2.31 : 2.31 + 0.8
  for (const person of people) {
    person.watch = Math.max(0.1, person.watch + step())
    // some counts are drawn anew each month; in the month of the harmless drift everyone gets more of them
    if (random() < 0.1) person.rebuffers = poisson(rebufferRate)()
    if (harmless) {
      person.skips += poisson(1.5)()
      person.rebuffers += poisson(0.8)()
    }
  }
}

/** Failed payments, tickets and churn of one subscriber in one month. */
function outcome(person: Subscriber, month: number, law: Law, random: () => number): Month {
  const poisson = randomPoisson.source(random)
  const tenure = person.tenure + month
  const failed = poisson(0.161)()
  const tickets = poisson(0.303)()
  const logit =
    law === 'tenure'
      ? -1.479 -
        1.115 * standard(tenure, 32.4, 24.6) +
        0.659 * standard(Number(person.net === 'Fiber optic'), 0.44, 0.496) -
        0.504 * standard(Number(person.net === 'No'), 0.217, 0.412) +
        0.258 * standard(Number(person.paperless), 0.592, 0.491)
      : -1.213 -
        0.254 * standard(person.watch, 29, 6.7) -
        0.129 * standard(person.fee, 64.8, 30.1) +
        0.298 * standard(failed, 0.161, 0.4) +
        0.306 * standard(tickets, 0.303, 0.55)
  return { tenure, failed, tickets, churned: random() < 1 / (1 + Math.exp(-logit)) }
}

const standard = (x: number, mean: number, deviation: number): number => (x - mean) / deviation

interface DeliveredFile {
  readonly name: string
  readonly header: string
  readonly rows: (i: number) => string
}

function files(people: readonly Subscriber[], months: readonly Month[]): readonly DeliveredFile[] {
  const bool = (value: boolean) => (value ? 'True' : 'False')
  const plan = (person: Subscriber, value: boolean) => (person.net === 'No' ? '' : bool(value))
  const rows = (write: (person: Subscriber, month: Month) => readonly (string | number)[]) => (i: number) =>
    `${people[i]!.id},${write(people[i]!, months[i]!).join(',')}\n`
  return [
    {
      name: 'users',
      header: 'user_id,signup_date,user_gender,user_is_senior,has_family,has_dependents',
      rows: rows((p) => [p.signup, p.female ? 'Female' : 'Male', bool(p.senior), bool(p.family), bool(p.dependents)]),
    },
    {
      name: 'subscriptions',
      header:
        'user_id,months_active,plan_stream_tv,plan_stream_movies,contract_type,paperless_billing,monthly_fee,total_paid,net_service',
      rows: rows((p, m) => [
        m.tenure,
        plan(p, p.tv),
        plan(p, p.movies),
        p.contract,
        bool(p.paperless),
        p.fee,
        round(p.fee * m.tenure, 20),
        p.net,
      ]),
    },
    {
      name: 'usage_agg_30d',
      header: 'user_id,watch_hours_30d,avg_session_mins_7d,unique_devices_30d,skips_7d,rebuffer_events_7d',
      rows: rows((p) => [p.watch, 29.14, p.devices, p.skips, p.rebuffers]),
    },
    { name: 'payments_agg_90d', header: 'user_id,failed_payments_90d', rows: rows((_, m) => [m.failed]) },
    {
      name: 'support_agg_90d',
      header: 'user_id,support_tickets_90d,ticket_avg_resolution_hrs_90d',
      rows: rows((p, m) => [m.tickets, p.resolutionHours]),
    },
    { name: 'labels', header: 'user_id,churn_label', rows: rows((_, m) => [bool(m.churned)]) },
  ]
}

/** The file in pieces of a few thousand rows; a cut one ends inside a row, two thirds through. */
function* chunks(header: string, row: (i: number) => string, n: number, cut: boolean): Generator<string> {
  yield `${header}\n`
  const last = cut ? Math.floor((n * 2) / 3) : n
  for (let from = 0; from < last; from += 4096) {
    let text = ''
    for (let i = from; i < Math.min(from + 4096, last); i++) text += row(i)
    yield text
  }
  if (cut) yield row(last).slice(0, 16)
}
