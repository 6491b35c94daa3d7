import type { ColumnContract, SourceContract } from '../domain/contract.ts'
import type { MetricName } from '../domain/policy.ts'
import { checkColumn } from './check-column.ts'
import { checkRowRules } from './check-row-rules.ts'
import type { Entity } from './entity.ts'
import { type Feature, f } from './feature.ts'
import type { FeatureView } from './feature-view.ts'
import { type CsvTokens, csv, type FileOptions } from './files.ts'
import { checkDuration, checkName, invalid } from './invalid.ts'
import type { Label } from './label.ts'
import type { FeatureViews, ProjectDefinition } from './project.ts'

type Definition = ProjectDefinition<FeatureViews, Label, MetricName>

/** The contract of each file that the definition reads, by its name. */
export function fileContracts(definition: Definition, entity: Entity): Record<string, SourceContract> {
  const { label } = definition
  const tokens = definition.csv ?? csv()
  const sources: Record<string, SourceContract> = {}
  const add = (
    from: string,
    columns: Readonly<Record<string, Feature>>,
    options: FileOptions,
    { eventTime, createdTime }: Pick<FeatureView, 'eventTime' | 'createdTime'> = { eventTime: null, createdTime: null },
  ) => {
    checkName('source', from)
    if (from in sources) {
      invalid('one declaration reads one file', `"${from}" is read by two declarations; put their columns in one`, from)
    }
    const times = { eventTime, createdTime }
    const all = { ...timeColumns(from, columns, times), ...asOfColumn(from, columns, options), ...columns }
    sources[from] = { ...contract(from, all, options, entity, options.csv ?? tokens), ...times }
  }
  for (const [name, view] of Object.entries(definition.featureViews)) {
    checkName('feature view', name)
    checkDuration(`featureViews.${name}.arrives`, view.arrives)
    if (view.ttl !== null) checkDuration(`featureViews.${name}.ttl`, view.ttl)
    add(view.from, view.features, view, view)
  }
  for (const source of definition.sources ?? []) add(source.from, source.columns, source)
  add(label.from, { [label.column]: label.type }, label)
  if (entity.listedIn !== null && !(entity.listedIn in sources)) {
    invalid(
      'entity.listedIn names a declared source',
      `no view, source or label reads "${entity.listedIn}"`,
      entity.listedIn,
    )
  }
  return sources
}

/** Declared by name alone, a time column is a timestamp with its offset; declared among the features it may have a zone. */
function timeColumns(
  from: string,
  columns: Readonly<Record<string, Feature>>,
  { eventTime, createdTime }: Pick<FeatureView, 'eventTime' | 'createdTime'>,
): Readonly<Record<string, Feature>> {
  if (eventTime === null && createdTime !== null) {
    invalid(
      'createdTime decides between rows of one eventTime',
      `"${from}" has a createdTime and no eventTime`,
      createdTime,
    )
  }
  const names = [eventTime, createdTime].filter((name) => name !== null)
  for (const name of names) {
    const declared = Object.hasOwn(columns, name) ? columns[name] : undefined
    if (declared && (declared.type !== 'timestamp' || declared.optional)) {
      invalid('event and created times are f.timestamp()', `"${name}" of "${from}" is ${declared.type}`, declared.type)
    }
  }
  return Object.fromEntries(names.map((name) => [name, f.timestamp()]))
}

/** Declared by name alone, it is a date; declared among the others, it must be one. */
function asOfColumn(
  from: string,
  columns: Readonly<Record<string, Feature>>,
  { asOfColumn: name }: FileOptions,
): Readonly<Record<string, Feature>> {
  if (name === undefined) return {}
  const declared = Object.hasOwn(columns, name) ? columns[name] : undefined
  if (declared && (declared.type !== 'date' || declared.optional)) {
    invalid('asOfColumn is f.date()', `"${name}" of "${from}" is ${declared.type}`, declared.type)
  }
  return { [name]: f.date() }
}

function contract(
  from: string,
  columns: Readonly<Record<string, Feature>>,
  options: FileOptions,
  entity: Entity,
  tokens: CsvTokens,
): Omit<SourceContract, 'eventTime' | 'createdTime'> {
  const unused = options.unused ?? []
  for (const name of [...Object.keys(columns), ...unused]) checkName(`column of "${from}"`, name)
  const declared = [entity.key, ...Object.keys(columns), ...unused]
  const twice = declared.find((name, i) => declared.indexOf(name) !== i)
  if (twice !== undefined) {
    invalid('a column is declared once, and the key by the entity', `"${twice}" is declared twice in "${from}"`, twice)
  }
  const { rules = [], asOfColumn, badRows } = options
  const key: ColumnContract = { name: entity.key, type: 'string', optional: false }
  const typed = Object.entries(columns).map(([name, feature]) => checkColumn(from, { name, ...feature }))
  checkRowRules(from, rules, typed)
  return {
    name: from,
    key: entity.key,
    columns: [key, ...typed],
    unused,
    extra: options.extra ?? 'reject',
    nulls: tokens.nulls,
    booleans: tokens.booleans,
    listedIn: entity.listedIn === from ? null : entity.listedIn,
    ...(rules.length > 0 ? { rules } : {}),
    ...(asOfColumn === undefined ? {} : { asOfColumn }),
    ...(badRows === undefined ? {} : { badRows }),
  }
}
