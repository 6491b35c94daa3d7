import { mustHold } from '../../domain/interchange/refused.ts'
import { Fields } from './fields.ts'

const LONGEST = 1 << 16

/** Texts of the categories of each input, which XGBoost keeps since 3.1; null where it keeps none, or no texts. */
export function inputCategories(model: Fields, inputs: number): readonly (readonly string[] | null)[] {
  if (!model.has('cats')) return []
  const encodings = model.in('cats').list('enc')
  mustHold(encodings.length === 0 || encodings.length === inputs, 'each input has its categories', encodings.length)
  return encodings.map((encoding, i) => {
    const fields = new Fields(encoding, `cats.enc[${i}]`)
    // Categories that are whole numbers have no offsets.
    const values = fields.wholes('values')
    if (values.length === 0) return null
    if (!fields.has('offsets')) return values.map(String)
    const offsets = fields.wholes('offsets')
    mustHold(
      offsets.every(
        (at, k) => at >= (offsets[k - 1] ?? 0) && at <= values.length && at - (offsets[k - 1] ?? 0) <= LONGEST,
      ),
      'texts of categories follow each other',
    )
    // UTF-8 as signed bytes
    const bytes = Uint8Array.from(values)
    return offsets.slice(1).map((end, k) => new TextDecoder().decode(bytes.subarray(offsets[k]!, end)))
  })
}
