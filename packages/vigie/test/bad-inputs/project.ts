import {
  defineProject,
  entity,
  evidentlyRules,
  f,
  featureView,
  gates,
  label,
  type Project,
  randomForest,
  share,
  source,
  stableHoldout,
} from 'vigie'
import type { FileOptions } from '../../src/define/files.ts'

const user = entity({ key: 'user_id', type: f.string(), listedIn: 'users' })

/** Files of four rows are no history to compare with. */
export const NO_GATES = gates({
  volume: 'off',
  unitChange: 'off',
  constantColumn: 'off',
  sentinelSpike: 'off',
  columnsSwapped: 'off',
  nullRateJump: 'off',
})

export interface Variation {
  /** What the file `usage` declares beyond its columns. */
  readonly usage?: FileOptions
  /** Columns of `usage` that take the place of those below. */
  readonly columns?: Parameters<typeof featureView>[0]['features']
  /** With a file `logins`, one row an event. */
  readonly events?: boolean
  /** With the default gates on `usage`, as everybody has them. */
  readonly gates?: true
  /** Time until the outcome of a label is decided. */
  readonly horizon?: string
  readonly manifest?: 'required'
  readonly maxBytes?: number
}

/** A definition with a column of every type. */
export function projectOf(variation: Variation = {}): Project {
  const { usage = {}, columns = {}, events = false, horizon = '0d', manifest, maxBytes } = variation
  const views = {
    usage: featureView({
      entity: user,
      from: 'usage',
      features: {
        hours: f.float({ min: 0, max: 744 }),
        score: f.optional(f.float()),
        skips: f.int({ min: 0 }),
        plan: f.category('basic', 'Family plan'),
        active: f.boolean(),
        joined: f.date(),
        seen: f.timestamp(),
        local: f.timestamp({ zone: 'Europe/Paris' }),
        ...columns,
      },
      unused: ['note'],
      gates: variation.gates ? gates() : NO_GATES,
      ...usage,
    } as Parameters<typeof featureView>[0]),
    ...(events
      ? {
          logins: featureView({
            entity: user,
            from: 'logins',
            features: { device: f.string() },
            eventTime: 'at',
            gates: NO_GATES,
          }),
        }
      : {}),
  }
  return defineProject({
    name: 'bad_inputs',
    snapshots: {
      every: 'month',
      first: '2024-01-31',
      ...(manifest ? { manifest } : {}),
      ...(maxBytes === undefined ? {} : { maxBytes }),
    },
    featureViews: views,
    sources: [source('users', { entity: user, columns: {}, gates: NO_GATES })],
    label: label({ entity: user, from: 'labels', column: 'left', type: f.boolean(), horizon, gates: NO_GATES }),
    model: {
      name: 'bad_inputs',
      features: ['usage.hours', 'usage.score'] as never,
      trainer: randomForest({ trees: 1, seed: 1 }),
      holdout: stableHoldout({ fraction: 0.25 }),
      metrics: ['auc'],
    },
    monitor: { against: 'previous-snapshot', drift: evidentlyRules(), retrainWhen: share.atLeast(1) },
    promotion: { metric: 'auc', minGain: 0.01 },
  }) as unknown as Project
}
