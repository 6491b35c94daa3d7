import { type AsOf, asOf, durationMs, monthEnd } from '../domain/as-of.ts'
import type { ColumnContract, SourceContract } from '../domain/contract.ts'
import { isLegalName, LEGAL_NAME } from '../domain/legal-name.ts'
import { METRICS, type MetricName, type RetrainRule } from '../domain/policy.ts'
import { policyProblems } from '../domain/promotion/policy-problems.ts'
import { VigieError } from '../errors.ts'
import { checkColumn } from './check-column.ts'
import { checkRowRules } from './check-row-rules.ts'
import { checkTrainer } from './check-trainer.ts'
import type { Entity } from './entity.ts'
import { type Feature, f } from './feature.ts'
import type { FeatureView } from './feature-view.ts'
import { type CsvTokens, csv, type FileOptions } from './files.ts'
import { invalid } from './invalid.ts'
import type { Label } from './label.ts'
import type { FeatureViews, Project, ProjectDefinition } from './project.ts'
import { derivedColumns } from './resolve-derived.ts'
import { resolveGates } from './resolve-gates.ts'
import { promotionPolicy } from './rules.ts'
import { selectFeatures } from './select-features.ts'

type Definition = ProjectDefinition<FeatureViews, Label, MetricName>

export function resolveProject(definition: Definition): Omit<Project, 'hash'> {
  checkName('project', definition.name)
  checkName('model', definition.model.name)
  const entity = oneEntity(definition)
  const sources = contracts(definition, entity)
  const derived = derivedColumns(definition.derived ?? {}, definition.featureViews, entity.key)
  const features = selectFeatures(definition.model.features, definition.featureViews, derived)
  return {
    name: definition.name,
    snapshots: snapshots(definition),
    entity,
    featureViews: definition.featureViews,
    derived,
    label: checkedLabel(definition.label),
    sources,
    gates: resolveGates(definition, sources),
    model: {
      name: definition.model.name,
      features,
      trainer: checkTrainer(definition.model.trainer, features),
      holdout: checkedHoldout(definition.model.holdout),
      metrics: checkedMetrics(definition),
      threshold: within('model.threshold', definition.model.threshold ?? 0.5, 0, 1),
    },
    monitor: { ...definition.monitor, retrainWhen: checkedRule(definition.monitor.retrainWhen, definition) },
    promotion: checkedPromotion(definition),
  }
}

function checkName(what: string, name: string): void {
  if (!isLegalName(name)) invalid(LEGAL_NAME, `the ${what} cannot be called "${name}"`, name)
}

function within(place: string, value: number, low: number, high: number): number {
  if (!(value > low && value < high)) {
    invalid(`${place} lies between ${low} and ${high}`, `${place} is ${value}`, String(value))
  }
  return value
}

function snapshots({
  snapshots: { first, gaps = 'refuse', manifest, maxBytes },
}: Definition): Omit<Project, 'hash'>['snapshots'] {
  if (maxBytes !== undefined) within('snapshots.maxBytes', maxBytes, 0, Number.MAX_SAFE_INTEGER)
  return {
    every: 'month',
    first: firstSnapshot(first),
    gaps,
    ...(manifest === undefined ? {} : { manifest }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
  }
}

function firstSnapshot(text: string): AsOf {
  const first = asOf(text)
  if (monthEnd(first, 0) !== first) {
    invalid('monthly snapshots begin at a month end', `snapshots.first is ${first}, inside a month`, first)
  }
  return first
}

/** One model is about one entity; everything that it reads must agree on it. */
function oneEntity(definition: Definition): Entity {
  const entity = definition.label.entity
  const others = [...Object.values(definition.featureViews), ...(definition.sources ?? [])]
  const other = others.find((o) => o.entity.key !== entity.key)
  if (other) {
    invalid(
      'label, views and sources are about one entity',
      `"${other.from}" is about ${other.entity.key}, the label about ${entity.key}`,
      other.entity.key,
    )
  }
  checkName('entity key', entity.key)
  return entity
}

function contracts(definition: Definition, entity: Entity): Record<string, SourceContract> {
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

function checkDuration(place: string, text: string): void {
  try {
    durationMs(text)
  } catch (cause) {
    const { message, details } = cause as VigieError
    throw new VigieError('definition_invalid', `${place}: ${message}`, { ...details, cause })
  }
}

/** Every label type compiles; this build fits binary ones. */
function checkedLabel(label: Label): Label {
  if (label.type.type !== 'boolean' || label.type.optional) {
    invalid(
      'a label is f.boolean() (several classes and numbers are not supported yet)',
      `label "${label.column}" is ${label.type.optional ? 'optional ' : ''}${label.type.type}`,
      label.type.type,
    )
  }
  checkDuration('label.horizon', label.horizon)
  checkDuration('label.arrives', label.arrives)
  return label
}

function checkedHoldout(holdout: Definition['model']['holdout']): Definition['model']['holdout'] {
  within('model.holdout.fraction', holdout.fraction, 0, 1)
  return holdout
}

function checkedMetrics({ model, promotion }: Definition): readonly MetricName[] {
  const unknown = model.metrics.find((metric) => !METRICS.includes(metric))
  if (unknown !== undefined) invalid(`metrics are ${METRICS.join(', ')}`, `"${unknown}" is no metric`, unknown)
  if (!model.metrics.includes(promotion.metric)) {
    invalid(
      'promotion.metric is one of model.metrics',
      `the gate decides on ${promotion.metric}, which the model does not compute`,
      promotion.metric,
    )
  }
  return model.metrics
}

function checkedRule(rule: RetrainRule, definition: Definition): RetrainRule {
  if (rule.kind === 'any') for (const inner of rule.of) checkedRule(inner, definition)
  else if (rule.kind === 'drift_share') within('share.atLeast', rule.atLeast, 0, 1 + Number.EPSILON)
  else {
    within('performance.drops.by', rule.drop, 0, 1)
    if (!definition.model.metrics.includes(rule.metric)) {
      invalid(
        'performance.drops watches one of model.metrics',
        `the monitor watches ${rule.metric}, which the model does not compute`,
        rule.metric,
      )
    }
  }
  return rule
}

function checkedPromotion({ promotion }: Definition): Project['promotion'] {
  const policy = promotionPolicy(promotion)
  if (policy.guards.latencyMs) {
    invalid(
      'guards limit metrics and sizeBytes (latency is not measured yet)',
      'promotion.guards.latencyMs would hold every challenger: nothing measures it',
      'latencyMs',
    )
  }
  const problem = policyProblems(policy)[0]
  if (problem) {
    const { field, rule, value } = problem
    invalid(`promotion.${field} ${rule}`, `promotion.${field} is ${value}`, value)
  }
  return policy
}
