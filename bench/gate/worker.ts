// One thread of bench/gate.ts: answers each piece of work with its counts.
import { parentPort } from 'node:worker_threads'
import { PLANTED, SLICES, WORLDS } from './cells.ts'
import { planted, statedGain } from './planted.ts'
import { slicesBlocked } from './slices.ts'
import { yearsOfLooks } from './years.ts'

export interface Work {
  readonly kind: 'years' | 'planted' | 'slices'
  /** Position in `WORLDS`, `PLANTED` or `SLICES`. */
  readonly cell: number
  readonly seed: number
  readonly from: number
  readonly to: number
}

const gains = new Map<number, number>()

parentPort!.on('message', ({ kind, cell, seed, from, to }: Work) => {
  if (kind === 'years') return parentPort!.postMessage(yearsOfLooks(WORLDS[cell]!, seed, from, to))
  if (kind === 'slices') return parentPort!.postMessage(slicesBlocked(SLICES[cell]!, seed, from, to))
  const gain = gains.get(cell) ?? statedGain(PLANTED[cell]!, seed)
  gains.set(cell, gain)
  return parentPort!.postMessage({ ...planted(PLANTED[cell]!, gain, seed, from, to), gain })
})
