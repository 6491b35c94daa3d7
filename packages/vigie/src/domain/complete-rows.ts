import type { Frame } from './frame.ts'

/**
 * Which of the rows `indices` have a value wherever the definition asks for one. The others are unfit for prediction: a
 * server refuses them, so no model is trained or compared on them.
 */
export function completeRows({ spec, columns }: Frame, indices: Int32Array): Int32Array {
  const required = columns.filter((_, i) => !spec[i]!.optional)
  return indices.filter((row) => required.every((column) => !Number.isNaN(column[row]!)))
}
