/** Numbers the entities of rows from 0, in order of appearance: rows of one entity get one number. */
export function entityNumbers(keys: readonly (string | number)[]): Int32Array {
  const numbers = new Map<string | number, number>()
  return Int32Array.from(keys, (key) => {
    const known = numbers.get(key)
    if (known !== undefined) return known
    numbers.set(key, numbers.size)
    return numbers.size - 1
  })
}

/** Every row its own entity. */
export function oneRowEach(rows: number): Int32Array {
  return Int32Array.from({ length: rows }, (_, i) => i)
}

/** How many entities there are; `entities` numbers them from 0 without gaps. */
export function entityCount(entities: Int32Array): number {
  let count = 0
  for (let i = 0; i < entities.length; i++) if (entities[i]! >= count) count = entities[i]! + 1
  return count
}

/** Sum of `values` by entity; `entities` numbers them from 0 without gaps. */
export function sumByEntity(values: Float64Array, entities: Int32Array): Float64Array {
  const sums = new Float64Array(entityCount(entities))
  for (let i = 0; i < values.length; i++) sums[entities[i]!]! += values[i]!
  return sums
}
