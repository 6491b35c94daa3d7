import { descendingOrder } from '../metrics/order.ts'

/** How far two models are off, on the same bins. Shares of all rows, lowest bin first. */
export interface Residuals {
  readonly edges: readonly number[]
  /** Of the model that was there, when there is one. */
  readonly champion: readonly number[] | null
  readonly challenger: readonly number[]
  /** True when the outer bin also holds everything beyond. */
  readonly openLow: boolean
  readonly openHigh: boolean
}

const BINS = 40
/** Share of the residuals on each side that may lie beyond the picture: a few large ones would flatten all others. */
const BEYOND = 0.005

/** Residuals are truth minus answer: above 0 the model answered too little. */
export function residuals(
  truth: Float64Array,
  { champion, challenger }: { readonly champion: Float64Array | null; readonly challenger: Float64Array },
): Residuals {
  const off = (answers: Float64Array) => truth.map((value, i) => value - answers[i]!)
  const before = champion && off(champion)
  const after = off(challenger)
  const [low, high] = range(before ? [before, after] : [after])
  const shares = (values: Float64Array) => binShares(values, low, high)
  const all = before ? [before, after] : [after]
  return {
    edges: Array.from({ length: BINS + 1 }, (_, i) => low + ((high - low) * i) / BINS),
    champion: before && shares(before),
    challenger: shares(after),
    openLow: all.some((values) => values.some((value) => value < low)),
    openHigh: all.some((values) => values.some((value) => value > high)),
  }
}

/** Symmetric about 0, so that a bias is seen at once. */
function range(all: readonly Float64Array[]): [number, number] {
  const reach = Math.max(
    ...all.map((values) => {
      const sizes = values.map(Math.abs)
      return sizes[descendingOrder(sizes)[Math.floor(2 * BEYOND * sizes.length)]!]!
    }),
  )
  const half = reach > 0 ? reach : 1
  return [-half, half]
}

function binShares(values: Float64Array, low: number, high: number): readonly number[] {
  const shares = new Array<number>(BINS).fill(0)
  for (const value of values) {
    const bin = Math.floor(((value - low) / (high - low)) * BINS)
    shares[Math.max(0, Math.min(BINS - 1, bin))]! += 1 / values.length
  }
  return shares
}
