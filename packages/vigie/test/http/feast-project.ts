import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import {
  anyOf,
  csv,
  defineProject,
  difference,
  entity,
  evidentlyRules,
  f,
  featureView,
  label,
  randomForest,
  ratio,
  share,
  source,
  stableHoldout,
} from '../../src/index.ts'

const user = entity({ key: 'user_id', type: f.string(), listedIn: 'users' })

/** Views of all kinds: events with a ttl, snapshots that something derived looks back on, and one that is not online. */
export const feastProject = defineProject({
  name: 'feast_test',
  csv: csv({ nulls: [''], booleans: ['Y', 'N'] }),
  snapshots: { every: 'month', first: '2024-01-31' },
  featureViews: {
    usage: featureView({
      entity: user,
      from: 'events',
      eventTime: 'at',
      ttl: '30d',
      features: {
        hours: f.float({ min: 0 }),
        skips: f.optional(f.int()),
        active: f.boolean(),
        net: f.category('DSL', 'Fiber, "optic"'),
        note: f.optional(f.string()),
      },
      unused: ['source_system'],
    }),
    plan: featureView({ entity: user, from: 'plans', features: { fee: f.float(), hours: f.optional(f.float()) } }),
    costs: featureView({ entity: user, from: 'costs', features: { cost: f.float() }, online: false }),
  },
  derived: { fee_change: difference('plan.fee'), hour_share: ratio('usage.hours', 'plan.fee') },
  sources: [source('users', { entity: user, columns: {} })],
  label: label({ entity: user, from: 'labels', column: 'gone', type: f.boolean() }),
  model: {
    name: 'gone_model',
    features: ['usage.hours', 'usage.net', 'plan.fee', 'derived.*'],
    trainer: randomForest({ trees: 10, seed: 1 }),
    holdout: stableHoldout({ fraction: 0.3 }),
    metrics: ['auc'],
  },
  monitor: { against: 'previous-snapshot', drift: evidentlyRules(), retrainWhen: anyOf(share.atLeast(0.5)) },
  promotion: { metric: 'auc', minGain: 0.01, confidence: 0.95 },
})

const HEADERS = {
  users: 'user_id',
  events: 'user_id,at,hours,skips,active,net,note,source_system',
  plans: 'user_id,fee,hours',
  costs: 'user_id,cost',
  labels: 'user_id,gone',
} as const

/** Writes a delivery of these rows and returns its folder. */
export function feastDelivery(parent: string, rows: Readonly<Record<keyof typeof HEADERS, readonly string[]>>): string {
  const folder = path.join(parent, `delivery-${made++}`)
  mkdirSync(folder)
  for (const [name, header] of Object.entries(HEADERS)) {
    writeFileSync(path.join(folder, `${name}.csv`), `${[header, ...rows[name as keyof typeof HEADERS]].join('\n')}\n`)
  }
  return folder
}

let made = 0
