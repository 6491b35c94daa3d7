import { durationMs } from '../domain/as-of.ts'
import type { Severity } from '../domain/contract.ts'
import type { GateName, Gates } from '../domain/gates/gates.ts'
import { VigieError } from '../errors.ts'

interface Common {
  /** `hold` keeps the delivery back until somebody approves it, `reject` refuses it. */
  readonly severity?: Severity
}

/** What `gates` takes; what is left out has its default, and `off` turns a gate off. */
export interface GateOptions {
  readonly rowCount?: (Common & { readonly min?: number; readonly max?: number }) | 'off'
  readonly volume?: (Common & { readonly maxChange?: number }) | 'off'
  readonly unitChange?: (Common & { readonly ratio?: number }) | 'off'
  readonly constantColumn?: Common | 'off'
  readonly sentinelSpike?: (Common & { readonly above?: number; readonly below?: number }) | 'off'
  readonly columnsSwapped?: (Common & { readonly distance?: number }) | 'off'
  readonly nullRateJump?: (Common & { readonly rise?: number }) | 'off'
  readonly freshness?: Common & { readonly column: string; readonly maxAge: string }
}

/**
 * What is asked of a whole file, `gates: gates({ volume: { maxChange: 0.3 }, freshness: { column: 'updated', maxAge: '3d' } })`:
 *
 * | gate | holds a delivery when | default |
 * |---|---|---|
 * | `volume` | the number of rows changes by this share | 0.5 |
 * | `unitChange` | a median is so many times what it was, or such a part of it | 3 |
 * | `constantColumn` | a column that had several values has one, or none | on |
 * | `sentinelSpike` | a value is in `above` of the rows and was in less than `below` | 0.05, 0.005 |
 * | `columnsSwapped` | two columns look as the other did, each this far from what it was | 0.2 |
 * | `nullRateJump` | the share of nulls rises by this much | 0.2 |
 * | `freshness` | the newest value of a date or time column is older than `maxAge` at the end of the as_of | off |
 * | `rowCount` | there are fewer than `min` or more than `max` rows; refuses the delivery | off |
 *
 * The file of the newest earlier date is what is compared with: the first file of a source passes what compares.
 */
export function gates(options: GateOptions = {}): Gates {
  const { rowCount = 'off', freshness } = options
  return {
    rowCount:
      rowCount === 'off'
        ? null
        : {
            severity: rowCount.severity ?? 'reject',
            min: bound('rowCount.min', rowCount.min, 0, Number.MAX_SAFE_INTEGER) ?? null,
            max: bound('rowCount.max', rowCount.max, 0, Number.MAX_SAFE_INTEGER) ?? null,
          },
    volume: set('volume', options, { maxChange: 0.5 }, { maxChange: [0, 1000] }),
    unitChange: set('unitChange', options, { ratio: 3 }, { ratio: [1, 1e9] }),
    constantColumn: set('constantColumn', options, {}, {}),
    sentinelSpike: set('sentinelSpike', options, { above: 0.05, below: 0.005 }, { above: [0, 1], below: [0, 1] }),
    columnsSwapped: set('columnsSwapped', options, { distance: 0.2 }, { distance: [0, 1] }),
    nullRateJump: set('nullRateJump', options, { rise: 0.2 }, { rise: [0, 1] }),
    freshness: freshness
      ? { severity: 'hold', ...only(freshness), maxAgeMs: durationMs(freshness.maxAge), column: freshness.column }
      : null,
  }
}

type Measures = Readonly<Record<string, number>>

function set<N extends GateName, D extends Measures>(
  name: N & keyof GateOptions,
  options: GateOptions,
  defaults: D,
  bounds: { readonly [M in keyof D]: readonly [number, number] },
): (D & { readonly severity: Severity }) | null {
  const chosen = options[name] ?? {}
  if (chosen === 'off') return null
  for (const [measure, [low, high]] of Object.entries(bounds) as [string, [number, number]][]) {
    bound(`${name}.${measure}`, (chosen as Measures)[measure], low, high)
  }
  return { severity: 'hold', ...defaults, ...(chosen as object) }
}

function only({ severity }: Common): Common {
  return severity === undefined ? {} : { severity }
}

function bound(place: string, value: number | undefined, low: number, high: number): number | undefined {
  if (value === undefined || (value >= low && value <= high)) return value
  throw new VigieError('definition_invalid', `gates: ${place} is ${value}`, {
    rule: `${place} lies between ${low} and ${high}`,
    value: String(value),
  })
}
