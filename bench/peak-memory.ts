import { readFileSync, writeFileSync } from 'node:fs'

/** Megabytes by which this process grew at its most since the peak was last forgotten: Linux says it, others do not. */
export function peakMemory(): { grown(): number } {
  if (process.platform !== 'linux') return { grown: () => Number.NaN }
  writeFileSync('/proc/self/clear_refs', '5')
  const before = megabytes('VmRSS')
  return { grown: () => megabytes('VmHWM') - before }
}

function megabytes(name: string): number {
  const [, kilobytes] = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))!
  return Number(kilobytes) / 1024
}
