import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { isHeldOut } from '../../src/domain/holdout.ts'
import { seededRandom } from '../../src/domain/random.ts'
import { writeCsv } from '../delivery.ts'
import { HELD_OUT } from './odd-project.ts'

export interface Item {
  readonly i: number
  readonly id: string
  readonly heldOut: boolean
}

/** What is odd about a month. */
export interface Oddity {
  readonly seed?: number
  readonly items?: number
  /** What the outcome depends on: another law makes a model of the first one useless. */
  readonly law?: 'x' | 'y'
  /** Added to `x`: drift. */
  readonly shift?: number
  readonly id?: (i: number) => string
  readonly plan?: (row: Record<string, string>, item: Item) => Record<string, string>
  readonly hasUse?: (item: Item) => boolean
  /** Null: the label has not arrived. */
  readonly outcome?: (drawn: boolean, item: Item) => boolean | null
  readonly labelColumn?: string
  readonly newline?: string
}

/** Writes the files of one month of `oddProject`: 600 items, of which about half are positive. */
export async function oddMonth(parent: string, name: string, odd: Oddity = {}): Promise<string> {
  const { seed = 1, items = 600, law = 'x', shift = 0, id = (i) => `item-${String(i).padStart(4, '0')}` } = odd
  const random = seededRandom(seed)
  const plans: Record<string, string>[] = []
  const uses: string[][] = []
  const labels: string[][] = []
  for (let i = 0; i < items; i++) {
    const [u, v, w, z] = [random.unit(), random.unit(), random.unit(), random.unit()]
    const item = { i, id: id(i), heldOut: isHeldOut(id(i), HELD_OUT) }
    const row = {
      id: item.id,
      x: String(shift + u * 10),
      note: z < 0.3 ? '' : String(v),
      k: String(Math.floor(v * 20)),
      kind: 'pqr'[i % 3]!,
    }
    plans.push(odd.plan?.(row, item) ?? row)
    if (odd.hasUse?.(item) ?? true) uses.push([item.id, String(w * 5), z < 0.2 ? '' : z < 0.6 ? 'Y' : 'N'])
    const drawn = random.unit() < 1 / (1 + Math.exp(-8 * ((law === 'x' ? u : 1 - w) - 0.5)))
    const outcome = odd.outcome ? odd.outcome(drawn, item) : drawn
    if (outcome !== null) labels.push([item.id, outcome ? 'Y' : 'N'])
  }
  const folder = path.join(parent, name)
  await mkdir(folder)
  const header = Object.keys(plans[0]!)
  const write = (file: string, columns: readonly string[], rows: readonly (readonly string[])[]) =>
    writeCsv(folder, file, columns, rows, odd.newline)
  await write(
    'plans',
    header,
    plans.map((row) => header.map((column) => row[column]!)),
  )
  await write('uses', ['id', 'y', 'flag'], uses)
  await write('labels', ['id', odd.labelColumn ?? 'gone'], labels)
  await write(
    'items',
    ['id'],
    plans.map((row) => [row.id!]),
  )
  return folder
}
