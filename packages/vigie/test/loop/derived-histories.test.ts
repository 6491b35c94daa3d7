import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { asOf, monthEnd } from '../../src/domain/as-of.ts'
import { seededRandom } from '../../src/domain/random.ts'
import { add, difference, isEqual, multiply, previous, ratio } from '../../src/index.ts'
import { viewSources } from '../../src/loop/dataset.ts'
import { onlineFeatures } from '../../src/loop/entity-features.ts'
import { ingest } from '../../src/loop/ingest.ts'
import { joinFeatures } from '../../src/loop/join-features.ts'
import { materialize } from '../../src/loop/materialize.ts'
import { nowMicros } from '../../src/loop/online-request.ts'
import { oddMonth } from './odd-months.ts'
import { oddProject } from './odd-project.ts'
import { storesForTests } from './stores.ts'

const stores = storesForTests()
const JANUARY = asOf('2024-01-31')
/** These months are far smaller and larger than the ones before. */
const ANY_SIZE = { codes: ['volume_gate'], actor: 'test' }
const project = oddProject({
  features: ['plan.x', 'derived.*'],
  derived: {
    change: difference('plan.x'),
    both: ratio(add('plan.x', 'use.y'), previous(multiply('plan.k', 'use.y'))),
    is_p: isEqual('plan.kind', 'p'),
  },
})

/** Every entity as the history has it now, and as a request would. Null for NaN, so that a difference can be read. */
async function bothNow(keys: readonly string[]) {
  const { offline, online, snapshots } = stores.ports
  const { features } = project.model
  const now = nowMicros()
  const { columns } = await joinFeatures(offline, {
    spine: { kind: 'rows', keys, at: new Float64Array(keys.length).fill(now) },
    features,
    views: viewSources(project),
    snapshots: await snapshots.list(),
    pushes: await snapshots.pushes(),
  })
  const read = onlineFeatures(project, features)
  const rows = (value: (i: number) => Iterable<number>) =>
    Object.fromEntries(keys.map((key, i) => [key, Array.from(value(i), (x) => (Number.isNaN(x) ? null : x))]))
  return {
    history: rows((i) => columns.map((column) => column[i]!)),
    request: rows((i) => read(online, keys[i]!, now).values),
  }
}

type Month = ReadonlyMap<string, number>

/** `plan.x` of every item, as it was delivered. */
async function delivered(folder: string): Promise<Month> {
  const [header = '', ...lines] = (await readFile(path.join(folder, 'plans.csv'), 'utf8')).trim().split('\n')
  const [id, x] = ['id', 'x'].map((name) => header.split(',').indexOf(name)) as [number, number]
  return new Map(lines.map((line) => [line.split(',')[id]!, Number(line.split(',')[x])]))
}

/** `x` and `change` by the rule said plainly: the newest month with the item, and the month before that one. */
function byHand(months: readonly (Month | undefined)[], key: string): readonly (number | null)[] {
  const newest = months.findLastIndex((month) => month?.has(key))
  const x = months[newest]?.get(key)
  // A correction may leave an item out that no other month has.
  if (x === undefined) return [null, null]
  const before = months[newest - 1]?.get(key)
  return [x, before === undefined ? null : x - before]
}

it.each([1, 2, 3, 4, 5, 6])(
  'months that come late, twice, corrected or not at all: requests equal the history bit for bit (%i)',
  async (seed) => {
    const random = seededRandom(seed)
    const keys = new Set<string>()
    const months: Month[] = []
    let changes = 0
    for (let delivery = 0; delivery < 6; delivery++) {
      const month = random.below(4)
      const correction = months[month] !== undefined
      const first = random.below(15)
      const id = (i: number) => `item-${first + i}`
      const items = 10 + random.below(15)
      for (let i = 0; i < items; i++) keys.add(id(i))
      const hasUse = ({ i }: { readonly i: number }) => (i + delivery) % 4 !== 0
      const dir = await oddMonth(stores.folder, `${delivery}`, { seed: 10 * seed + delivery, items, id, hasUse })
      await ingest(stores.ports, project, { dir, asOf: monthEnd(JANUARY, month), correction, approvals: ANY_SIZE })
      months[month] = await delivered(dir)
      await materialize(stores.ports, project)
      const { history, request } = await bothNow([...keys])
      expect(request).toEqual(history)
      for (const key of keys) expect(history[key]!.slice(0, 2)).toEqual(byHand(months, key))
      changes += Object.values(history).filter(([, change]) => change !== null).length
    }
    expect(changes).toBeGreaterThan(0)
  },
)
