/** With which status a program ends that was told to stop before it was done: 128 and the number of the signal. */
export const STOPPED_STATUS = { SIGINT: 130, SIGTERM: 143 } as const

export type StopSignal = keyof typeof STOPPED_STATUS

/** Resolves at the first SIGINT or SIGTERM. A second one ends the process at once. */
export function untilStopped(): Promise<StopSignal> {
  return new Promise((resolve) => {
    const stop = (signal: StopSignal) => {
      for (const each of ['SIGINT', 'SIGTERM'] as const) {
        process.off(each, stop)
        process.once(each, () => process.exit(STOPPED_STATUS[each]))
      }
      resolve(signal)
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
  })
}
