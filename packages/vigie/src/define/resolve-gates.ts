import type { SourceContract } from '../domain/contract.ts'
import type { Gates } from '../domain/gates/gates.ts'
import type { MetricName } from '../domain/policy.ts'
import { gates } from './gates.ts'
import { invalid } from './invalid.ts'
import type { Label } from './label.ts'
import type { FeatureViews, ProjectDefinition } from './project.ts'

/** The gates of every file: what its declaration says, or the defaults. */
export function resolveGates(
  { featureViews, sources, label }: ProjectDefinition<FeatureViews, Label, MetricName>,
  contracts: Readonly<Record<string, SourceContract>>,
): Readonly<Record<string, Gates>> {
  const declared = [...Object.values(featureViews), ...(sources ?? []), label]
  return Object.fromEntries(
    declared.map((file) => [file.from, checkedFreshness(file.gates ?? gates(), contracts[file.from]!)]),
  )
}

function checkedFreshness(asked: Gates, { name, columns }: SourceContract): Gates {
  const { freshness } = asked
  if (freshness === null) return asked
  const column = columns.find((each) => each.name === freshness.column)
  if (column?.type !== 'date' && column?.type !== 'timestamp') {
    invalid(
      'freshness reads a date or a timestamp of its file',
      `gates: "${freshness.column}" of "${name}" is ${column ? `${column.type}` : 'not declared'}`,
      freshness.column,
    )
  }
  return asked
}
