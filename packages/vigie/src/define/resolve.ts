import { type AsOf, asOf, monthEnd } from '../domain/as-of.ts'
import type { FeatureSpec } from '../domain/feature-spec.ts'
import { MAX_CLASSES, type Target, TRUE_OR_FALSE } from '../domain/model/target.ts'
import { METRICS, type MetricName, metricsFor, type RetrainRule } from '../domain/policy.ts'
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
import { sampleWeight } from './sample-weight.ts'
import { selectFeatures } from './select-features.ts'

const TARGET_WORDS: Readonly<Record<Target['kind'], string>> = {
  binary: 'a label of two classes',
  classes: 'a label of several classes',
  number: 'a label that is a number',
}
const IN_UNITS: readonly MetricName[] = ['rmse', 'mae']

type Definition = ProjectDefinition<FeatureViews, Label, MetricName>

export function resolveProject(definition: Definition): Omit<Project, 'hash'> {
  checkName('project', definition.name)
  checkName('model', definition.model.name)
  const entity = oneEntity(definition)
  const sources = fileContracts(definition, entity)
  const derived = derivedColumns(definition.derived ?? {}, definition.featureViews, entity.key)
  const label = checkedLabel(definition.label)
  const target = labelTarget(label)
  const features = selectFeatures(definition.model.features, definition.featureViews, derived)
  return {
    name: definition.name,
    snapshots: snapshots(definition),
    entity,
    featureViews: definition.featureViews,
    derived,
    label,
    sources,
    gates: resolveGates(definition, sources),
    model: {
      name: definition.model.name,
      features,
      trainer: checkTrainer(definition.model.trainer, features, target),
      holdout: checkedHoldout(definition.model.holdout),
      metrics: checkedMetrics(definition, target),
      threshold: checkedThreshold(definition.model.threshold, target),
      ...weighted(definition, derived),
    },
    monitor: { ...definition.monitor, retrainWhen: checkedRule(definition.monitor.retrainWhen, definition) },
    promotion: checkedPromotion(definition, target, features),
  }
}

function weighted({ model, featureViews }: Definition, derived: FeatureSpec): Pick<Project['model'], 'sampleWeight'> {
  const { sampleWeight: selector } = model
  return selector === undefined ? {} : { sampleWeight: sampleWeight(selector, featureViews, derived) }
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

const LABEL_TYPES: readonly string[] = ['boolean', 'category', 'int', 'float']

function checkedLabel(label: Label): Label {
  const { type, optional, categories = [] } = label.type
  if (optional || !LABEL_TYPES.includes(type)) {
    invalid(
      'a label is f.boolean(), f.category(...), f.int() or f.float(), and never null',
      `label "${label.column}" is ${optional ? 'optional ' : ''}${type}`,
      type,
    )
  }
  if (type === 'category' && !(categories.length >= 2 && categories.length <= MAX_CLASSES)) {
    invalid(
      `a label has 2 to ${MAX_CLASSES} categories`,
      `label "${label.column}" has ${categories.length}`,
      String(categories.length),
    )
  }
  if (categories.join() === TRUE_OR_FALSE.classes.join()) {
    invalid(
      'a label that is true or false is f.boolean()',
      `label "${label.column}" has the categories false and true`,
      'false, true',
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

/** 0.5 by default; null for targets that have no threshold. */
function checkedThreshold(threshold: Definition['model']['threshold'], target: Target): Project['model']['threshold'] {
  if (target.kind !== 'binary') {
    if (threshold === undefined) return null
    invalid(
      'a threshold parts two classes',
      'model.threshold is given for a label that is not binary',
      String(threshold),
    )
  }
  if (typeof threshold !== 'object') return within('model.threshold', threshold ?? 0.5, 0, 1)
  within('bestF1({ folds })', threshold.folds, 1, 101)
  return threshold
}

function checkedMetrics({ model, promotion }: Definition, target: Target): readonly MetricName[] {
  const known = metricsFor(target)
  const unknown = model.metrics.find((metric) => !known.includes(metric))
  if (unknown !== undefined) {
    invalid(
      `metrics of ${TARGET_WORDS[target.kind]} are ${known.join(', ')}`,
      `model.metrics has "${unknown}", which such a label does not have`,
      unknown,
    )
  }
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
    // An error of a number is in its units.
    within('performance.drops.by', rule.drop, 0, IN_UNITS.includes(rule.metric) ? Number.MAX_VALUE : 1)
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

function checkedPromotion({ promotion }: Definition, target: Target, features: FeatureSpec): Project['promotion'] {
  const policy = promotionPolicy(promotion)
  const other = METRICS.find((metric) => policy.guards[metric] !== undefined && !metricsFor(target).includes(metric))
  if (other !== undefined) {
    invalid(
      `guards of ${TARGET_WORDS[target.kind]} limit ${metricsFor(target).join(', ')}`,
      `promotion.guards.${other} limits what such a label does not have`,
      other,
    )
  }
  const noFeature = policy.slices?.find((name) => !features.some((feature) => feature.name === name))
  if (noFeature !== undefined) {
    invalid(
      'promotion.slices names features of the model',
      `promotion.slices has "${noFeature}", which the model does not read`,
      noFeature,
    )
  }
  const problem = policyProblems(policy)[0]
  if (problem) {
    const { field, rule, value } = problem
    invalid(`promotion.${field} ${rule}`, `promotion.${field} is ${value}`, value)
  }
  return policy
}
