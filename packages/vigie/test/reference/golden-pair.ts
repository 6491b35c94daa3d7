import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { FeatureColumn } from '../../src/domain/feature-spec.ts'
import type { Frame } from '../../src/domain/frame.ts'

interface Verdict {
  readonly score?: number | string
  readonly drifted?: boolean
  readonly error?: string
  readonly raw?: Readonly<Record<string, unknown>>
}

interface Expected {
  readonly type: 'num' | 'cat' | 'text'
  readonly nulls_ref: number
  readonly nulls_cur: number
  readonly default_test: string | null
  readonly default: { readonly score: number; readonly drifted: boolean; readonly threshold: number } | null
  readonly tests?: Readonly<Record<string, Verdict>>
}

const INTEGER = /^-?\d+$/

/** Two periods, and what Evidently found in them. */
export interface GoldenPair {
  readonly reference: Frame
  readonly current: Frame
  readonly expected: Readonly<Record<string, Expected>>
}

/** Reads ref.csv and cur.csv (or .csv.gz) with the results beside them. Text columns are left out. */
export function goldenPair(folder: string): GoldenPair {
  const results = ['expected.json', 'result.json'].map((name) => join(folder, name)).find((path) => existsSync(path))!
  const columns = JSON.parse(readFileSync(results, 'utf8')).columns as Record<string, Expected>
  const expected = Object.fromEntries(Object.entries(columns).filter(([, { type }]) => type !== 'text'))
  const reference = table(folder, 'ref')
  const current = table(folder, 'cur')
  const spec = Object.entries(expected).map(([name, { type }]): FeatureColumn => {
    const base = { name, view: 'golden', feature: name, optional: true }
    const texts = new Set([...reference.get(name)!, ...current.get(name)!])
    if (type === 'num') return { ...base, type: [...texts].every((text) => INTEGER.test(text)) ? 'int' : 'float' }
    return { ...base, type: 'category', categories: [...texts].filter((text) => text !== '').sort() }
  })
  return { reference: frame(spec, reference), current: frame(spec, current), expected }
}

/** Columns of text by name. The files hold no quotes. */
export function table(folder: string, side: 'ref' | 'cur'): Map<string, string[]> {
  const plain = join(folder, `${side}.csv`)
  const text = existsSync(plain) ? readFileSync(plain, 'utf8') : gunzipSync(readFileSync(`${plain}.gz`)).toString()
  const [header, ...rows] = text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','))
  return new Map(header!.map((name, i) => [name, rows.map((row) => row[i]!)]))
}

function frame(spec: readonly FeatureColumn[], texts: Map<string, string[]>): Frame {
  const columns = spec.map(({ name, categories }) =>
    Float64Array.from(texts.get(name)!, (text) => {
      if (text === '') return Number.NaN
      return categories ? categories.indexOf(text) : number(text)
    }),
  )
  return { spec, keys: columns[0] ? Array.from(columns[0], (_, i) => String(i)) : [], columns, label: null }
}

function number(text: string): number {
  if (text === 'inf') return Number.POSITIVE_INFINITY
  if (text === '-inf') return Number.NEGATIVE_INFINITY
  return Number(text)
}
