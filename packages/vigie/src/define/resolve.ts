import { type AsOf, asOf, monthEnd } from '../domain/as-of.ts'
import { METRICS, type MetricName, type RetrainRule } from '../domain/policy.ts'
import { policyProblems } from '../domain/promotion/policy-problems.ts'
import { checkTrainer } from './check-trainer.ts'
import type { Entity } from './entity.ts'
import { fileContracts } from './file-contracts.ts'
import { checkDuration, checkName, invalid } from './invalid.ts'
import { type Label, labelTarget } from './label.ts'
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
  const sources = fileContracts(definition, entity)
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
      trainer: checkTrainer(definition.model.trainer, features, labelTarget(definition.label)),
      holdout: checkedHoldout(definition.model.holdout),
      metrics: checkedMetrics(definition),
      threshold: within('model.threshold', definition.model.threshold ?? 0.5, 0, 1),
    },
    monitor: { ...definition.monitor, retrainWhen: checkedRule(definition.monitor.retrainWhen, definition) },
    promotion: checkedPromotion(definition),
  }
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
