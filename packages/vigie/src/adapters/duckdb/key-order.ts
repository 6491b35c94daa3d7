import { type Frame, takeRows } from '../../domain/frame.ts'
import type { Joined } from '../../ports/offline-store.ts'

/**
 * The frame in code-unit order of its keys, in which JavaScript compares. DuckDB sorts by UTF-8 bytes, which differs
 * only when keys mix characters above U+FFFF with characters from U+E000 to U+FFFF, so mostly nothing moves.
 */
export function inKeyOrder(frame: Frame): Frame {
  const { keys } = frame
  if (keys.every((key, i) => i === 0 || keys[i - 1]! <= key)) return frame
  const order = Array.from(keys, (_, i) => i)
  order.sort((a, b) => (keys[a]! < keys[b]! ? -1 : keys[a]! > keys[b]! ? 1 : a - b))
  return takeRows(frame, order)
}

export function joinedInKeyOrder(joined: Joined): Joined {
  const { columns, eventTimes } = joined
  const ordered = inKeyOrder({ ...joined, columns: [...columns, ...eventTimes.values()] })
  const times = ordered.columns.slice(columns.length)
  return {
    ...ordered,
    columns: ordered.columns.slice(0, columns.length),
    eventTimes: new Map(Array.from(eventTimes.keys(), (view, i) => [view, times[i]!])),
  }
}
