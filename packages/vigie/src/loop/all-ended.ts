/**
 * What all of them return, or the first failure in their order, and in either case only when the last has ended: what
 * still runs would write behind the back of whoever cleans up.
 */
export async function allEnded<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const ended = await Promise.allSettled(work)
  return ended.map((each) => {
    if (each.status === 'rejected') throw each.reason
    return each.value
  })
}
