import { asOf } from '../../src/domain/as-of.ts'
import { driftReport } from '../../src/domain/drift/report.ts'
import type { FeatureColumn } from '../../src/domain/feature-spec.ts'
import type { Frame } from '../../src/domain/frame.ts'
import type { MonitorReport } from '../../src/report/model.ts'

/** A report about two periods, with whatever else is asked for. */
export function reportOf(
  periods: { readonly reference: Frame; readonly current: Frame },
  rest: Partial<MonitorReport> = {},
): MonitorReport {
  return {
    project: 'streamflow',
    model: 'streamflow_churn',
    reference: { asOf: asOf('2024-01-31'), rows: periods.reference.keys.length },
    current: { asOf: asOf('2024-02-29'), rows: periods.current.keys.length },
    drift: driftReport(periods),
    performance: null,
    unmeasured: 'there is no champion yet',
    retrain: { triggered: false, reason: 'none', triggers: [], text: 'no rule fired' },
    generatedBy: 'vigie 0.0.0',
    ...rest,
  }
}

type Cell = (row: number, period: 'reference' | 'current') => number | null

/** Columns of `rows` rows by a formula, so that no data is needed. Labels alternate, a little rarer in the current period. */
export function periods(
  rows: number,
  columns: readonly (Partial<FeatureColumn> & { readonly name: string; readonly cell: Cell })[],
): { readonly reference: Frame; readonly current: Frame } {
  const spec = columns.map(
    ({ cell: _, ...column }): FeatureColumn => ({
      view: 'view',
      feature: column.name,
      type: 'float',
      optional: true,
      ...column,
    }),
  )
  const frame = (period: 'reference' | 'current'): Frame => ({
    spec,
    keys: Array.from({ length: rows }, (_, row) => `key-${row}`),
    columns: columns.map(({ cell }) =>
      Float64Array.from({ length: rows }, (_, row) => cell(row, period) ?? Number.NaN),
    ),
    label: Float64Array.from({ length: rows }, (_, row) => Number(row % (period === 'reference' ? 4 : 5) === 0)),
  })
  return { reference: frame('reference'), current: frame('current') }
}

/** Names that try to be markup, hide, or never end. */
export const HOSTILE_NAMES = [
  '<script>window.broken = true</script>',
  '"><img src=x onerror="window.broken = true">',
  '</style><script>window.broken = true</script>',
  '</title><svg onload="window.broken = true">',
  'a\u202egnp.exe',
  'line\nbreak\u0000nul\u200bzero',
  '   ',
  '__proto__',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a name that tries to be a template
  '${window.broken = true}',
  'customer_lifetime_value_in_euro_before_tax_and_after_refunds_rolling_365_days_v2_final',
] as const

/** Everything awkward in one report: hostile names and labels, columns that are constant, empty, new or huge. */
export function awkwardReport(): MonitorReport {
  const many = Array.from({ length: 10_000 }, (_, i) => `label ${i}`)
  const rows = 2000
  const shift = (period: string) => Number(period === 'current')
  return reportOf(
    periods(rows, [
      ...HOSTILE_NAMES.map((name, i) => ({
        name,
        cell: (row: number, period: string) => ((row * 7919) % 1000) / 1000 + shift(period) * i * 0.05,
      })),
      {
        name: 'labels',
        type: 'category' as const,
        categories: [...HOSTILE_NAMES, 'null'],
        cell: (row, period) => (row % 7 === 0 ? null : (row * (1 + shift(period))) % 11),
      },
      {
        name: 'ten_thousand',
        type: 'category' as const,
        categories: many,
        cell: (row, period) => (row * 5 + shift(period)) % 10_000,
      },
      { name: 'constant', cell: () => 29.141044640845102 },
      { name: 'constant_changes', cell: (_row, period) => shift(period) },
      { name: 'empty_now', cell: (row, period) => (period === 'current' ? null : row) },
      { name: 'empty', cell: () => null },
      { name: 'mostly_null', cell: (row, period) => (row % (period === 'current' ? 50 : 5) === 0 ? row : null) },
      { name: 'huge', cell: (row, period) => 1e12 + row * 1e6 * (1 + shift(period)) },
      { name: 'tiny', cell: (row) => row * 1e-9 },
      { name: 'heavy_tail', cell: (row) => Math.tan((Math.PI * (row + 0.5 - rows / 2)) / rows) },
      { name: 'negative', type: 'int' as const, cell: (row, period) => -(row % 40) - shift(period) * 20 },
      { name: 'flag', type: 'boolean' as const, cell: (row, period) => Number(row % (3 + shift(period)) === 0) },
    ]),
    {
      retrain: {
        triggered: true,
        reason: 'drift_share',
        triggers: ['drift_share'],
        text: 'drift share 0.6500 >= 0.02',
      },
    },
  )
}
