// One ingest of a large file as a process of its own: node large-ingest.ts HOME DATABASE_URL DIR. Says what it took.
import { readFileSync } from 'node:fs'
import { openStateFolder } from '../../src/adapters/local/state-folder.ts'
import { openRecord } from '../../src/cli/open-record.ts'
import { openStores } from '../../src/cli/open-stores.ts'
import type { Project } from '../../src/define/project.ts'
import { asOf } from '../../src/domain/as-of.ts'
import {
  defineProject,
  entity,
  evidentlyRules,
  f,
  featureView,
  label,
  randomForest,
  share,
  stableHoldout,
} from '../../src/index.ts'
import { ingest } from '../../src/loop/ingest.ts'

const user = entity({ key: 'user_id', type: f.string() })
const numbers = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`x${i}`, f.optional(f.float({ min: 0 }))]))
const project = defineProject({
  name: 'large',
  snapshots: { every: 'month', first: '2024-01-31' },
  featureViews: {
    activity: featureView({
      entity: user,
      from: 'activity',
      features: { ...numbers, n: f.int({ min: 0 }), paid: f.boolean(), plan: f.category('month', 'year', 'prepaid') },
    }),
  },
  label: label({ entity: user, from: 'labels', column: 'left', type: f.boolean() }),
  model: {
    name: 'large_model',
    features: ['activity.*'],
    trainer: randomForest({ trees: 10, maxFeatures: 'sqrt', classWeight: 'balanced', seed: 1 }),
    holdout: stableHoldout({ fraction: 0.25 }),
    metrics: ['auc'],
  },
  monitor: { against: 'previous-snapshot', drift: evidentlyRules(), retrainWhen: share.atLeast(0.5) },
  promotion: { metric: 'auc', minGain: 0.01, confidence: 0.95 },
}) as unknown as Project

const [home = '', url = '', dir = ''] = process.argv.slice(2)
const folder = await openStateFolder(home)
const record = await openRecord(folder, url)
const stores = await openStores(folder)
const { rows } = await ingest({ ...record.ports, ...stores.ports }, project, { dir, asOf: asOf('2024-01-31') })
const peakKb = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
process.stdout.write(JSON.stringify({ rows, peakMb: Math.round(Number(peakKb) / 1024) }))
await stores.close()
await record.close(false)
