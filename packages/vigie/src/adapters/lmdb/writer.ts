import type { OnlineRows, OnlineWrite, Written } from '../../ports/online-store.ts'
import { createPool } from '../threads/pool.ts'
import { shareArrays } from '../threads/share.ts'
import { packKeys } from './packed-keys.ts'
import { vectorPrefix } from './vector-database.ts'
import type { tasks } from './worker.ts'

export interface Writer {
  /** Writes one view in one transaction. */
  write(view: string, rows: OnlineRows, write: OnlineWrite): Promise<Written>
  /** Waits for what is being written: a thread that is ended inside a transaction would keep the lock. */
  close(): Promise<void>
}

/**
 * Writes in a thread of its own, one view after the other: a transaction waits for the writers of other processes and
 * takes 2 s for a million entities, during which no request would be answered.
 */
export function openWriter(file: string): Writer {
  // Node runs the sources in the repository, and what tsc made of them in the published package.
  const entry = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url)
  const pool = createPool<typeof tasks>({ entry, size: 1, idleMs: 5000 })
  const writing = new Set<Promise<Written>>()

  async function run(view: string, rows: OnlineRows, write: OnlineWrite): Promise<Written> {
    const keys = await packKeys(vectorPrefix(view), rows.keys)
    const [eventTimes, knownTimes, ...columns] = shareArrays([rows.eventTimes, rows.knownTimes, ...rows.columns])
    const input = {
      file,
      view,
      write,
      spec: rows.spec,
      keys,
      columns,
      eventTimes: eventTimes!,
      knownTimes: knownTimes!,
    }
    return pool.run('write', input, { transfer: [keys.text.buffer, keys.starts.buffer] })
  }

  return {
    write(view, rows, write) {
      const written = run(view, rows, write).finally(() => writing.delete(written))
      writing.add(written)
      return written
    },
    async close() {
      await Promise.allSettled(writing)
      await pool.close()
    },
  }
}
