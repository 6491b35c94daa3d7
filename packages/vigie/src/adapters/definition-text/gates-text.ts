import { gates } from '../../define/gates.ts'
import type { GateName, Gates } from '../../domain/gates/gates.ts'
import { literal } from './literal.ts'

const DEFAULT = gates()
/** Columns of what stands behind `gates: `. */
const WIDTH = 100
const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
] as const

/** `gates({ volume: { maxChange: 0.3 } })`, a gate a line when there are many; null where the defaults are meant. */
export function gatesText(asked: Gates | null): string | null {
  if (asked === null) return null
  const options = (Object.keys(asked) as GateName[]).flatMap((name) => {
    const option = optionOf(name, asked)
    return option === undefined ? [] : [[name, option] as const]
  })
  if (options.length === 0) return null
  const line = `gates(${literal(Object.fromEntries(options))})`
  if (line.length <= WIDTH) return line
  return ['gates({', ...options.map(([name, option]) => `  ${name}: ${literal(option)},`), '})'].join('\n')
}

/** What is said of one gate: nothing when it is as usual. */
function optionOf(name: GateName, asked: Gates): object | 'off' | undefined {
  const settings = asked[name]
  if (JSON.stringify(settings) === JSON.stringify(DEFAULT[name])) return undefined
  if (settings === null) return 'off'
  if (name === 'freshness') {
    const { severity, column, maxAgeMs } = settings as NonNullable<Gates['freshness']>
    return { column, maxAge: durationText(maxAgeMs), severity: severity === 'hold' ? undefined : severity }
  }
  const usual = { ...(DEFAULT[name] ?? { severity: 'reject', min: null, max: null }) } as Readonly<
    Record<string, unknown>
  >
  const differing = Object.entries(settings).filter(([measure, value]) => value !== usual[measure])
  return Object.fromEntries(differing)
}

/** In the largest unit that gives a whole number. */
export function durationText(ms: number): string {
  const unit = UNITS.find(([, each]) => ms % each === 0)
  return unit ? `${ms / unit[1]}${unit[0]}` : `${ms / 1000}s`
}
