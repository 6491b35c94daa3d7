/** Splits a time into named laps, in whole milliseconds. */
export interface Stopwatch {
  /** Ends a lap: the time since the last one belongs to `name`. */
  lap(name: string): void
  /** All laps so far and their `total`. */
  read(): Readonly<Record<string, number>>
}

/** Starts with the process, so that loading the program is part of the first lap. */
export function stopwatch(): Stopwatch {
  const laps: Record<string, number> = {}
  let last = 0
  return {
    lap(name) {
      const now = performance.now()
      laps[name] = (laps[name] ?? 0) + Math.round(now - last)
      last = now
    },
    read: () => ({ ...laps, total: Math.round(last) }),
  }
}
