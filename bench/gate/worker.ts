// One thread of bench/gate.ts: answers each piece of work with its counts.
import { parentPort } from 'node:worker_threads'
import { PLANTED, WORLDS } from './cells.ts'
import { planted, statedGain } from './planted.ts'
import { yearsOfLooks } from './years.ts'

export interface Work {
  readonly kind: 'years' | 'planted'
  /** Position in `WORLDS` or `PLANTED`. */
  readonly cell: number
  readonly seed: number
  readonly from: number
  readonly to: number
}

const gains = new Map<number, number>()

parentPort!.on('message', ({ kind, cell, seed, from, to }: Work) => {
  if (kind === 'years') return parentPort!.postMessage(yearsOfLooks(WORLDS[cell]!, seed, from, to))
  const gain = gains.get(cell) ?? statedGain(PLANTED[cell]!, seed)
  gains.set(cell, gain)
  return parentPort!.postMessage({ ...planted(PLANTED[cell]!, gain, seed, from, to), gain })
})
