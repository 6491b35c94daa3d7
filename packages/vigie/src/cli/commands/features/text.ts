const BARS = '▁▂▃▄▅▆▇█'
const ASCII_BARS = '.:-=+*#@'

/** One character a value, from the smallest to the largest; a space where there is none. */
export function sparkline(values: readonly (number | null)[], ascii: boolean): string {
  const bars = ascii ? ASCII_BARS : BARS
  const known = values.filter((value) => value !== null)
  const [low, high] = [Math.min(...known), Math.max(...known)]
  const level = (value: number) => (high === low ? 0 : Math.round(((value - low) / (high - low)) * (bars.length - 1)))
  return values.map((value) => (value === null ? ' ' : bars[level(value)])).join('')
}

export function share(value: number): string {
  return `${(value * 100).toFixed(1)} %`
}

/** How long after its date a snapshot became known. */
export function delay(ms: number): string {
  const hours = ms / 3_600_000
  if (hours < 1) return 'known at once'
  return hours < 48 ? `known after ${Math.round(hours)} h` : `known after ${Math.round(hours / 24)} days`
}
