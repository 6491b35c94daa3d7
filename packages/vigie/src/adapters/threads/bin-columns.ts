import type { FeatureColumn, FeatureSpec } from '../../domain/feature-spec.ts'
import { type BinArrays, type BinnedFeature, type Bins, binArrays, binColumn } from '../../domain/trees/bins.ts'
import type { Pool } from './pool.ts'
import type { tasks } from './tasks.ts'

/** Values that one task bins at least: about 50 ms of work, which a second thread is worth. */
const TOGETHER = 1_000_000

/**
 * Bins the columns with all threads of the pool. Only those that are being binned are copied to where threads see them,
 * one after another to the same place: copies of all would be most of the memory that a fit takes. `kernel` puts the bins
 * where boosting's kernel reads them.
 */
export async function binColumns(
  pool: Pool<typeof tasks>,
  spec: FeatureSpec,
  columns: readonly Float64Array[],
  rows: number,
  { kernel = false }: { readonly kernel?: boolean } = {},
): Promise<Bins> {
  const arrays = binArrays(spec.length, rows, { kernel })
  const features = new Array<BinnedFeature>(spec.length)
  const perTask = Math.min(spec.length, Math.max(1, Math.floor(TOGETHER / Math.max(1, rows))))
  let next = 0
  const binNext = async (): Promise<void> => {
    const room = roomFor(perTask, rows)
    while (next < spec.length) {
      const first = next
      const end = Math.min(spec.length, first + perTask)
      next = end
      try {
        const input = { features: spec.slice(first, end), columns: columns.slice(first, end).map(room), first, arrays }
        for (const [i, feature] of (await pool.run('binColumns', input)).entries()) features[first + i] = feature
      } catch (error) {
        next = spec.length
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(pool.size, Math.ceil(spec.length / perTask)) }, binNext))
  return { ...arrays, features }
}

export function binColumnsTask(input: {
  readonly features: readonly FeatureColumn[]
  readonly columns: readonly Float64Array[]
  /** Index of the first of them among all features. */
  readonly first: number
  readonly arrays: BinArrays
}): BinnedFeature[] {
  const { features, columns, first, arrays } = input
  return features.map((feature, i) => binColumn(feature, columns[i]!, first + i, arrays))
}

/** Puts the column of a task where all threads see it, if it is not: over that of the task before. */
function roomFor(columns: number, rows: number): (column: Float64Array, place: number) => Float64Array {
  let room: Float64Array | null = null
  return (column, place) => {
    if (column.buffer instanceof SharedArrayBuffer) return column
    room ??= new Float64Array(new SharedArrayBuffer(columns * rows * 8))
    const copy = room.subarray(place * rows, (place + 1) * rows)
    copy.set(column)
    return copy
  }
}
