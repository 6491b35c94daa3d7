import type { Derived } from '../../src/define/derived.ts'
import type { BestF1 } from '../../src/domain/threshold.ts'
import type { Trainer } from '../../src/domain/trainer.ts'
import {
  anyOf,
  csv,
  defineProject,
  entity,
  evidentlyRules,
  f,
  featureView,
  gates,
  label,
  type Project,
  performance,
  randomForest,
  share,
  source,
  stableHoldout,
} from '../../src/index.ts'

const item = entity({ key: 'id', type: f.string(), listedIn: 'items' })

export const plans = {
  x: f.float(),
  note: f.optional(f.float()),
  k: f.int(),
  kind: f.category('p', 'q', 'r'),
}
export const uses = { y: f.float(), flag: f.optional(f.boolean()) }

export const HELD_OUT = 0.4

/** Odd months are what gates keep back: here they come through, so that the loop has to live with them. */
const open = gates({
  volume: 'off',
  unitChange: 'off',
  constantColumn: 'off',
  sentinelSpike: 'off',
  columnsSwapped: 'off',
  nullRateJump: 'off',
})

/** A definition whose files `oddMonth` writes. Each test changes what it is about. */
export function oddProject({
  plan = plans,
  use = uses,
  features = ['plan.*', 'use.*'],
  derived = {},
  listed = true,
  labelColumn = 'gone',
  guards = {},
  minGain = 0.01,
  model = {},
}: {
  readonly plan?: Parameters<typeof featureView>[0]['features']
  /** Null leaves the view out. */
  readonly use?: Parameters<typeof featureView>[0]['features'] | null
  readonly features?: readonly string[]
  readonly derived?: Readonly<Record<string, Derived>>
  readonly listed?: boolean
  readonly labelColumn?: string
  readonly guards?: Readonly<Record<string, unknown>>
  readonly minGain?: number
  /** Whatever else the model is. */
  readonly model?: { readonly trainer?: Trainer; readonly sampleWeight?: string; readonly threshold?: number | BestF1 }
} = {}): Project {
  const about = listed ? item : entity({ key: 'id', type: f.string() })
  return defineProject({
    name: 'odd',
    csv: csv({ nulls: [''], booleans: ['Y', 'N'] }),
    snapshots: { every: 'month', first: '2024-01-31' },
    featureViews: {
      plan: featureView({ entity: about, from: 'plans', features: plan, gates: open }),
      ...(use === null ? {} : { use: featureView({ entity: about, from: 'uses', features: use, gates: open }) }),
    },
    derived: derived as Record<string, never>,
    sources: listed ? [source('items', { entity: about, columns: {}, gates: open })] : [],
    label: label({ entity: about, from: 'labels', column: labelColumn, type: f.boolean(), gates: open }),
    model: {
      name: 'odd_model',
      features: features as ['plan.*'],
      trainer: randomForest({ trees: 40, seed: 1, classWeight: 'balanced', minSamplesLeaf: 3 }),
      holdout: stableHoldout({ fraction: HELD_OUT }),
      metrics: ['auc', 'logLoss'],
      ...(model as { sampleWeight?: 'plan.x' }),
    },
    monitor: {
      against: 'previous-snapshot',
      drift: evidentlyRules(),
      retrainWhen: anyOf(share.atLeast(0.02), performance.drops({ metric: 'auc', by: 0.05 })),
    },
    promotion: { metric: 'auc', minGain, guards },
  })
}
