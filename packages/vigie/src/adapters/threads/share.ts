/**
 * The value with every typed array in it copied into memory that all threads see. The caller keeps its own, views do
 * not drag their whole buffer along, and posting the result to any number of threads copies nothing more.
 */
export function shareArrays<T>(value: T): T {
  if (value instanceof Float64Array || value instanceof Uint8Array) {
    const shared = new SharedArrayBuffer(value.byteLength)
    const copy = value instanceof Float64Array ? new Float64Array(shared) : new Uint8Array(shared)
    copy.set(value)
    return copy as T
  }
  if (Array.isArray(value)) return (typeof value[0] === 'object' ? value.map(shareArrays) : value) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shareArrays(part)])) as T
}
