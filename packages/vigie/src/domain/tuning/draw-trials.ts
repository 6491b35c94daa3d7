import { canonicalJson } from '../canonical-json.ts'
import { type Random, seededRandom } from '../random.ts'
import type { PlainTrainer } from '../trainers/plain.ts'
import type { Choice } from '../trainers/space.ts'
import type { Tuned } from '../trainers/tuned.ts'

/** A setting to try. */
export interface DrawnTrial {
  readonly candidate: number
  readonly parameters: Readonly<Record<string, unknown>>
  readonly trainer: PlainTrainer
}

/** Draws in a row that only gave settings which are there already, after which a space counts as exhausted. */
const MOST_REPEATS = 200

/**
 * The settings of a search: each trainer as it is given, and then one of each space in turn, never one twice. Fewer than
 * asked for where the spaces hold no more. The same seed draws the same.
 */
export function drawTrials({ candidates, trials, seed }: Pick<Tuned, 'candidates' | 'trials' | 'seed'>): DrawnTrial[] {
  const drawn: DrawnTrial[] = candidates.map(({ trainer }, candidate) => ({ candidate, parameters: {}, trainer }))
  const known = new Set(drawn.map(({ trainer }) => canonicalJson(trainer)))
  const searched = [...candidates.keys()].filter((c) => Object.keys(candidates[c]!.space).length > 0)
  const random = seededRandom(seed)
  for (let turn = 0, repeats = 0; drawn.length < trials && searched.length > 0 && repeats < MOST_REPEATS; turn++) {
    const candidate = searched[turn % searched.length]!
    const { trainer, space } = candidates[candidate]!
    // In an order of their own: that of the definition changes nothing.
    const names = Object.keys(space).sort()
    const parameters = Object.fromEntries(names.map((name) => [name, draw(space[name]!, random)]))
    const setting = { ...trainer, ...parameters } as PlainTrainer
    const text = canonicalJson(setting)
    if (known.has(text)) repeats++
    else {
      repeats = 0
      known.add(text)
      drawn.push({ candidate, parameters, trainer: setting })
    }
  }
  return drawn
}

function draw(choice: Choice, random: Random): unknown {
  const share = random.unit()
  if (choice.kind === 'oneOf') return choice.values[Math.floor(share * choice.values.length)]
  const { low, high, scale } = choice
  if (choice.kind === 'between') return within(low, high, rounded(between(low, high, scale, share)))
  // Each whole number has the room up to the next.
  return within(low, high, Math.floor(between(low, high + 1, scale, share)))
}

function between(low: number, high: number, scale: 'linear' | 'log', share: number): number {
  return scale === 'log' ? low * (high / low) ** share : low + share * (high - low)
}

function within(low: number, high: number, value: number): number {
  return Math.min(high, Math.max(low, value))
}

/** Three digits: more would only look as if they mattered. */
function rounded(value: number): number {
  return Number(value.toPrecision(3))
}
