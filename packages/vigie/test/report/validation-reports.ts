import { asOf } from '../../src/domain/as-of.ts'
import type { BrokenRule } from '../../src/domain/contract.ts'
import { profileLabels } from '../../src/domain/profile/label-column.ts'
import { profileNumbers } from '../../src/domain/profile/number-column.ts'
import type { ColumnProfile } from '../../src/domain/profile/table-profile.ts'
import type { ReportedFile, ValidationReport } from '../../src/report/validation/model.ts'
import { HOSTILE_NAMES } from './reports.ts'

export const numbers = (name: string, value: (i: number) => number, rows = 500): ColumnProfile => ({
  name,
  type: 'float',
  ...profileNumbers({ type: 'float', values: Float64Array.from({ length: rows }, (_, i) => value(i)) }),
})

export const labels = (name: string, counts: ReadonlyMap<string, number>): ColumnProfile => ({
  name,
  type: 'text',
  ...profileLabels(counts, 3),
})

export const rule = (rest: Partial<BrokenRule>): BrokenRule => ({
  code: 'out_of_range',
  source: 'usage',
  column: 'hours',
  rule: 'hours is at least 0',
  severity: 'reject',
  text: 'hours "-1" is out of range',
  value: '-1',
  rows: 3,
  examples: [{ line: 7, value: '-1' }],
  ...rest,
})

export const file = (rest: Partial<ReportedFile> = {}): ReportedFile => ({
  source: 'usage',
  file: 'usage.csv',
  verdict: 'accepted',
  bytes: 12_345,
  sha256: 'ab'.repeat(32),
  rows: { accepted: 498, quarantined: 2, total: 500 },
  notes: [],
  broken: [],
  leftOut: [],
  asked: [{ rule: 'about as many rows as before', unasked: null }],
  before: { asOf: asOf('2024-01-31'), rows: 490 },
  columns: [numbers('hours', (i) => i % 37)],
  columnsBefore: [],
  ...rest,
})

export const validation = (rest: Partial<ValidationReport> = {}): ValidationReport => ({
  project: 'streamflow',
  asOf: asOf('2024-02-29'),
  delivery: '0123456789ab',
  verdict: 'accepted',
  refusal: null,
  snapshot: { id: '0123456789abcdef', version: 1, knownAt: '2024-03-01T00:00:00.000000Z', rows: 500 },
  approvals: null,
  files: [file()],
  generatedBy: 'vigie 0.0.0',
  ...rest,
})

/** All that could break a page at once: names, values and texts from data, long ones, none, pictures of every kind. */
export function awkwardValidation(): ValidationReport {
  const hostile = [...HOSTILE_NAMES, 'x'.repeat(200)]
  const broken = hostile.map((text, i) =>
    rule({
      column: i % 2 === 0 ? text : null,
      rule: text,
      text,
      value: text,
      hint: text,
      severity: i % 2 === 0 ? 'hold' : 'reject',
      examples: hostile.map((value, line) => ({ line: line % 3 === 0 ? null : line, value })),
    }),
  )
  const kinds: readonly ColumnProfile[] = [
    numbers('values', (i) => i % 5),
    numbers('bins', (i) => (i * i) % 997),
    numbers('none', () => Number.NaN),
    numbers('one', () => 29.14),
    { ...numbers('dates', (i) => 19_000 + i), type: 'date' },
    { ...numbers('instants', (i) => 1_706_702_400_000_000 + i * 1e9), type: 'timestamp' },
    labels('labels', new Map(hostile.map((text, i) => [text, i + 1]))),
    labels('empty', new Map()),
  ]
  const pictured = kinds.map(({ name }) => rule({ column: name, examples: [] }))
  return validation({
    project: hostile[0]!,
    verdict: 'refused',
    snapshot: null,
    refusal: { code: 'out_of_range', message: hostile[1]!, hint: hostile[2]! },
    files: [
      file({
        broken: [...broken, ...pictured],
        leftOut: broken,
        verdict: 'refused',
        columns: kinds,
        columnsBefore: kinds.slice(1),
      }),
      ...hostile.map((text) =>
        file({
          source: text,
          file: text,
          rows: null,
          bytes: null,
          sha256: null,
          before: null,
          notes: [text],
          columns: [],
        }),
      ),
      file({
        source: 'named',
        columns: hostile.map((name) => numbers(name, (i) => i)),
        asked: hostile.map((text) => ({ rule: text, unasked: text })),
      }),
    ],
  })
}
