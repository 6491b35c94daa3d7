import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { FeatureSpec } from '../packages/vigie/src/domain/feature-spec.ts'
import { type Frame, takeRows } from '../packages/vigie/src/domain/frame.ts'
import { seededRandom } from '../packages/vigie/src/domain/random.ts'

export interface Size {
  readonly rows: number
  readonly test: number
  readonly features: number
  /** Share of the values that are null. */
  readonly nulls: number
}

export interface Parts {
  readonly training: Frame
  readonly test: Frame
}

/** Numbers, half of them whole, and a label that depends on ten of them and two products. */
export function syntheticRows({ rows, test, features, nulls }: Size): Parts {
  const random = seededRandom(2024)
  const count = rows + test
  const columns = Array.from({ length: features }, () => new Float64Array(count))
  const label = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    let logit = -0.4
    for (let f = 0; f < features; f++) {
      const drawn = random.unit() + random.unit() + random.unit()
      columns[f]![i] = random.unit() < nulls ? Number.NaN : f % 2 === 0 ? drawn : Math.floor(24 * drawn)
      if (f < 10) logit += (drawn - 1.5) * (f % 3 === 0 ? 1.2 : -0.6)
      if (f === 2 || f === 5) logit += (drawn - 1.3) * (f === 2 ? columns[0]![i]! || 0 : 1) * 0.9
    }
    label[i] = random.unit() < 1 / (1 + Math.exp(-logit)) ? 1 : 0
  }
  const spec: FeatureSpec = columns.map((_, f) => ({
    name: `v.f${f}`,
    view: 'v',
    feature: `f${f}`,
    type: f % 2 === 0 ? 'float' : 'int',
    optional: nulls > 0,
  }))
  const frame = { spec, keys: Array.from({ length: count }, (_, i) => `user-${i}`), columns, label }
  const all = Array.from(frame.keys.keys())
  return { training: takeRows(frame, all.slice(0, rows)), test: takeRows(frame, all.slice(rows)) }
}

/** Writes both parts as files of the same names: float64, a column after the other, the label last, null as NaN. */
export function writeParts(folder: string, parts: Parts): void {
  for (const [name, { columns, label }] of Object.entries(parts) as [string, Frame][]) {
    const whole = Buffer.concat([...columns, label!].map((column) => Buffer.from(column.buffer)))
    writeFileSync(path.join(folder, name), whole)
  }
}
