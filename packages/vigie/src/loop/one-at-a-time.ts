/**
 * Does work one after the other. Who asks for the same while it waits to begin shares its result; who asks while it is
 * under way gets it done once more, because what is under way may have looked before the caller's change.
 */
export function oneAtATime<T>(): (id: string, work: () => Promise<T>) => Promise<T> {
  const waiting = new Map<string, Promise<T>>()
  let last: Promise<unknown> = Promise.resolve()
  return (id, work) => {
    const shared = waiting.get(id)
    if (shared) return shared
    const result = last.then(() => {
      waiting.delete(id)
      return work()
    })
    waiting.set(id, result)
    last = result.catch(() => undefined)
    return result
  }
}
