import { readdirSync, readFileSync } from 'node:fs'

/** What a program and everything that it started have used so far. */
export interface TreeUsage {
  readonly cpuSeconds: number
  /** Most proportional memory (PSS: shared pages are divided among their users) seen at one time, in MB. */
  readonly peakMb: number
}

interface Seen {
  readonly parent: number
  readonly cpuTicks: number
}

const TICKS_A_SECOND = 100
const SAMPLE_MS = 50
/** Reading a process's memory map holds it up for some 10 ms, so it is done every sixth time. */
const SAMPLES_A_MEMORY_READING = 6

/**
 * Samples a process and its descendants, also those that leave the tree (the embedded server does) once they were seen
 * in it. A process's time includes that of the children that it has waited for, so one that ended between two samples is
 * counted through its parent. Linux only.
 */
export function watchTree(root: number): { stop(): TreeUsage } {
  const members = new Set([root])
  const cpu = new Map<number, Seen>()
  let peakMb = 0
  let samples = 0

  const sample = () => {
    const processes = allProcesses()
    for (let grown = true; grown; ) {
      grown = false
      for (const [pid, { parent }] of processes) {
        if (members.has(parent) && !members.has(pid)) {
          members.add(pid)
          grown = true
        }
      }
    }
    for (const pid of members) {
      const seen = processes.get(pid)
      const parent = cpu.get(pid)?.parent ?? root
      if (seen) cpu.set(pid, seen)
      // its parent has waited for it and counts it now; without one in the tree its last sample stands
      else if (members.has(parent) && processes.has(parent)) cpu.delete(pid)
    }
    if (samples++ % SAMPLES_A_MEMORY_READING === 0)
      peakMb = Math.max(peakMb, memoryMb([...members].filter((pid) => processes.has(pid))))
  }
  const timer = setInterval(sample, SAMPLE_MS)
  sample()
  return {
    stop() {
      clearInterval(timer)
      sample()
      const ticks = [...cpu.values()].reduce((sum, { cpuTicks }) => sum + cpuTicks, 0)
      return { cpuSeconds: ticks / TICKS_A_SECOND, peakMb }
    },
  }
}

/** Of every process: its parent, and the CPU of itself and of the children that it has waited for. */
function allProcesses(): Map<number, Seen> {
  const found = new Map<number, Seen>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = read(`/proc/${name}/stat`)
    // the command, in parentheses, may hold anything
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (!fields) continue
    const cpuTicks = fields.slice(11, 15).reduce((sum, each) => sum + Number(each), 0)
    found.set(Number(name), { parent: Number(fields[1]), cpuTicks })
  }
  return found
}

function memoryMb(pids: readonly number[]): number {
  let kb = 0
  for (const pid of pids) kb += Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1] ?? 0)
  return kb / 1024
}

/** Null when the process ended meanwhile. */
function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
