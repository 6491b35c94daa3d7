import type { FeatureColumn } from '../../domain/feature-spec.ts'
import type { EntityFeatures } from '../../loop/entity-features.ts'

/** How Feast writes the time of what has none. */
const NO_TIME = '"1970-01-01T00:00:00Z"'
/** Times that are kept as text. An answer has few: rows of one view mostly became true together. */
const TIMES = 512

/** Writes the answer for rows of one list of features. Made once for a list, so what is the same each time is text already. */
export function answerWriter(
  names: readonly string[],
  spec: readonly FeatureColumn[],
  views: readonly string[] | null,
) {
  const metadata = {
    feature_names: names,
    ...(views === null ? {} : { feature_view_metadata: views.map((name) => ({ name, version: 0 })) }),
  }
  const head = `{"metadata":${JSON.stringify(metadata)},"results":[{"values":[`
  const write = spec.map(valueWriter)
  const time = timeWriter()
  return (keys: readonly (string | number)[], rows: readonly EntityFeatures[]): string => {
    const n = rows.length
    const repeated = (text: string) => (n === 1 ? text : Array(n).fill(text).join())
    let text = `${head}${keys.map((key) => JSON.stringify(key)).join()}],"statuses":[${repeated('"PRESENT"')}]`
    text += `,"event_timestamps":[${repeated(NO_TIME)}]}`
    for (let i = 0; i < write.length; i++) {
      let values = ''
      let statuses = ''
      let times = ''
      for (let row = 0; row < n; row++) {
        const { values: v, statuses: s, eventTimes: t } = rows[row]!
        const comma = row === 0 ? '' : ','
        values += comma + write[i]!(v[i]!)
        statuses += `${comma}"${s[i]!}"`
        times += comma + time(t[i]!)
      }
      text += `,{"values":[${values}],"statuses":[${statuses}],"event_timestamps":[${times}]}`
    }
    return `${text}]}`
  }
}

/** A float keeps its point, so that a client that looks at a single value takes it for one. */
function valueWriter({ type, categories }: FeatureColumn): (value: number) => string {
  const orNull = (write: (value: number) => string) => (value: number) => (Number.isNaN(value) ? 'null' : write(value))
  if (type === 'boolean') return orNull((value) => (value === 1 ? 'true' : 'false'))
  if (type === 'int') return orNull(String)
  if (type === 'float') return orNull(floatText)
  const texts = (categories ?? []).map((category) => JSON.stringify(category))
  return orNull((code) => texts[code]!)
}

function floatText(value: number): string {
  if (!Number.isInteger(value)) return String(value)
  if (Object.is(value, -0)) return '-0.0'
  const text = String(value)
  return text.includes('e') ? text : `${text}.0`
}

function timeWriter(): (micros: number) => string {
  const known = new Map<number, string>()
  return (micros) => {
    if (Number.isNaN(micros)) return NO_TIME
    const found = known.get(micros)
    if (found !== undefined) return found
    if (known.size === TIMES) known.clear()
    const text = `"${Temporal.Instant.fromEpochNanoseconds(BigInt(micros) * 1000n)}"`
    known.set(micros, text)
    return text
  }
}
