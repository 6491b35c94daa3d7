/**
 * The value with every typed array in it copied into memory that all threads see. The caller keeps its own, views do
 * not drag their whole buffer along, and posting the result to any number of threads copies nothing more.
 */
export function shareArrays<T>(value: T): T {
  if (ArrayBuffer.isView(value)) return shareArray(value)
  if (Array.isArray(value)) return (typeof value[0] === 'object' ? value.map(shareArrays) : value) as T
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shareArrays(part)])) as T
}

function shareArray<T extends ArrayBufferView>(array: T): T {
  const shared = new SharedArrayBuffer(array.byteLength)
  new Uint8Array(shared).set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
  // A Buffer is a Uint8Array that cannot be made over shared memory.
  const Kind = (array instanceof Uint8Array ? Uint8Array : array.constructor) as new (
    over: SharedArrayBuffer,
  ) => unknown
  return new Kind(shared) as T
}
