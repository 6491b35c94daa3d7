import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import type { Database } from '../../src/adapters/postgres/database.ts'
import { postgresRegistry } from '../../src/adapters/postgres/registry.ts'
import { asOf } from '../../src/domain/as-of.ts'
import { canonicalJson } from '../../src/domain/canonical-json.ts'
import type { PromotionPolicy } from '../../src/domain/policy.ts'
import type { Evidence } from '../../src/domain/promotion/evidence.ts'
import type { Champion, Registry } from '../../src/ports/registry.ts'
import { postgresForTests } from '../postgres.ts'

const january = asOf('2024-01-31')
const february = asOf('2024-02-29')

let models = 0

/** A model of its own for each test. */
function newModel(): string {
  models += 1
  return `churn_${models}`
}

function made(model: string, artefact = 'a'.repeat(64)) {
  return {
    model,
    artefact,
    artefactBytes: 9_400_000,
    trainedAsOf: january,
    snapshots: ['0123456789abcdef'],
    trainingSet: null,
    trainingRowsHash: 'rows',
    trainingRows: 5261,
    trainingBaseRate: 0.2653,
    featureSpecHash: 'features',
    definitionHash: 'definition',
    fingerprints: null,
    trainer: { kind: 'randomForest', trees: 300, maxFeatures: 'sqrt' },
    policyHash: 'policy',
  }
}

async function newVersions(registry: Registry, model: string, count: number): Promise<void> {
  for (let i = 1; i <= count; i++) await registry.createVersion(made(model), `run:${i}`)
}

function decided(
  model: string,
  id: string,
  challenger: number,
  champion: Pick<Champion, 'version' | 'epoch'> | null,
  outcome: 'promote' | 'keep' | 'hold' = 'promote',
) {
  return {
    id,
    model,
    asOf: february,
    challenger,
    champion: champion?.version ?? null,
    championEpoch: champion?.epoch ?? 0,
    outcome,
    // The registry keeps these as they are and reads none of them.
    evidence: { gain: { estimate: 0.1699999999999999, se: 2.27e-2, df: null } } as Evidence,
    policy: { minGain: 0.01 } as PromotionPolicy,
    reasons: [{ kind: outcome, code: 'gain_proven', value: 0.17, bound: 0, text: 'a gain of 0.17' }],
  }
}

async function promoteByGate(registry: Registry, model: string, version: number) {
  const champion = await registry.champion(model)
  const id = `${model}:${version}:${champion?.epoch ?? 0}`
  await registry.recordDecision(decided(model, id, version, champion))
  return registry.promote({ model, version, expectedEpoch: champion?.epoch ?? 0, decision: id, actor: 'loop' })
}

async function promoteByHand(registry: Registry, model: string, version: number) {
  const expectedEpoch = (await registry.champion(model))?.epoch ?? 0
  return registry.promote({ model, version, expectedEpoch, decision: null, actor: 'ana' })
}

async function productionOf(registry: Registry, model: string): Promise<number[]> {
  return (await registry.versions(model)).filter((v) => v.stage === 'Production').map((v) => v.version)
}

/** What every registry must do. */
function registryContract(get: () => Registry): void {
  describe('versions', () => {
    test('are numbered from 1 and read back as they were made', async () => {
      const registry = get()
      const model = newModel()
      expect(await registry.versions(model)).toEqual([])
      const first = await registry.createVersion(made(model), 'run-1:train')
      const second = await registry.createVersion({ ...made(model), fingerprints: 'f'.repeat(64) }, 'run-2:train')
      expect(first).toEqual({ ...made(model), version: 1, createdAt: expect.stringMatching(/\.\d{6}Z$/) })
      expect(second).toMatchObject({ version: 2, fingerprints: 'f'.repeat(64) })
      expect(await registry.version(model, 1)).toEqual(first)
      expect(await registry.version(model, 3)).toBeNull()
      expect(await registry.versions(model)).toEqual([
        { ...first, stage: 'None' },
        { ...second, stage: 'None' },
      ])
    })

    test('made twice by the same step are one', async () => {
      const registry = get()
      const model = newModel()
      const first = await registry.createVersion(made(model), 'run-1:train')
      expect(await registry.createVersion(made(model, 'b'.repeat(64)), 'run-1:train')).toEqual(first)
      expect(await registry.versions(model)).toHaveLength(1)
    })

    test('made by many at once have no gaps', async () => {
      const registry = get()
      const model = newModel()
      const steps = Array.from({ length: 24 }, (_, i) => `run:${i >> 1}`) // each step twice
      const versions = await Promise.all(steps.map((madeBy) => registry.createVersion(made(model), madeBy)))
      const numbers = new Set(versions.map((v) => v.version))
      expect([...numbers].sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1))
    })
  })

  describe('policies and decisions', () => {
    test('a policy is frozen when it is first used', async () => {
      const registry = get()
      const policy = { metric: 'auc', minGain: 0.01 }
      const hash = newModel()
      expect(await registry.policy(hash)).toBeNull()
      const frozen = await registry.freezePolicy(hash, policy)
      expect(frozen).toEqual({ hash, policy, frozenAt: expect.stringMatching(/\.\d{6}Z$/) })
      expect(await registry.freezePolicy(hash, policy)).toEqual(frozen)
      expect(await registry.policy(hash)).toEqual(frozen)
    })

    test('a decision is read back with the bytes that it was made from', async () => {
      const registry = get()
      const model = newModel()
      await newVersions(registry, model, 2)
      const decision = decided(model, newModel(), 2, { version: 1, epoch: 1 })
      const recorded = await registry.recordDecision(decision)
      expect(recorded).toEqual({ ...decision, at: expect.stringMatching(/\.\d{6}Z$/) })
      const read = (await registry.decision(decision.id))!
      expect(canonicalJson(read.evidence)).toBe(canonicalJson(decision.evidence))
      expect(await registry.decision('unknown')).toBeNull()
    })

    test('a decision recorded again stays as it was', async () => {
      const registry = get()
      const model = newModel()
      await newVersions(registry, model, 2)
      const recorded = await registry.recordDecision(decided(model, newModel(), 1, null))
      const again = await registry.recordDecision({ ...decided(model, recorded.id, 1, null), outcome: 'hold' })
      expect(again).toEqual(recorded)
      const later = await registry.recordDecision(decided(model, newModel(), 2, null, 'keep'))
      expect(await registry.decisions(model)).toEqual([recorded, later])
    })
  })

  describe('promotion', () => {
    test('moves champion, stages and history, and leaves one audit row', async () => {
      const registry = get()
      const model = newModel()
      await newVersions(registry, model, 2)
      expect(await registry.champion(model)).toBeNull()
      const first = await promoteByGate(registry, model, 1)
      expect(first).toMatchObject({ model, version: 1, epoch: 1, artefact: 'a'.repeat(64) })
      const second = await promoteByGate(registry, model, 2)
      expect(second).toMatchObject({ version: 2, epoch: 2 })
      expect(second.since > first.since).toBe(true)
      expect(await registry.champion(model)).toEqual(second)
      expect((await registry.versions(model)).map((v) => v.stage)).toEqual(['Archived', 'Production'])
      const audit = await registry.audit(model)
      expect(audit.map(({ actor, action, subject }) => ({ actor, action, subject }))).toEqual([
        {
          actor: 'loop',
          action: 'promote',
          subject: { version: 1, previous: null, epoch: 1, decision: `${model}:1:0` },
        },
        { actor: 'loop', action: 'promote', subject: { version: 2, previous: 1, epoch: 2, decision: `${model}:2:1` } },
      ])
    })

    test('is refused when somebody else moved the champion', async () => {
      const registry = get()
      const model = newModel()
      await newVersions(registry, model, 3)
      await promoteByHand(registry, model, 1)
      await promoteByHand(registry, model, 2)
      const late = registry.promote({ model, version: 3, expectedEpoch: 1, decision: null, actor: 'ana' })
      await expect(late).rejects.toMatchObject({ code: 'champion_changed' })
      expect(await registry.champion(model)).toMatchObject({ version: 2, epoch: 2 })
      expect(await registry.audit(model)).toHaveLength(2)
    })

    test('again for the same decision returns what it did, also after the champion moved on', async () => {
      const registry = get()
      const model = newModel()
      await newVersions(registry, model, 2)
      const first = await promoteByGate(registry, model, 1)
      const change = { model, version: 1, expectedEpoch: 0, decision: `${model}:1:0`, actor: 'loop' }
      expect(await registry.promote(change)).toEqual(first)
      const second = await promoteByGate(registry, model, 2)
      expect(await registry.promote(change)).toEqual(first)
      expect(await registry.champion(model)).toEqual(second)
      expect(await registry.audit(model)).toHaveLength(2)
    })

    test('needs a decision that says to promote this version in this reign', async () => {
      const registry = get()
      const model = newModel()
      await newVersions(registry, model, 3)
      const keep = await registry.recordDecision(decided(model, newModel(), 1, null, 'keep'))
      const other = await registry.recordDecision(decided(model, newModel(), 2, null))
      const stale = await registry.recordDecision(decided(model, newModel(), 1, { version: 3, epoch: 1 }))
      const attempt = (decision: string) =>
        registry.promote({ model, version: 1, expectedEpoch: 0, decision, actor: 'loop' })
      await expect(attempt(keep.id)).rejects.toMatchObject({ code: 'candidate_refused' })
      await expect(attempt(other.id)).rejects.toMatchObject({ code: 'candidate_refused' })
      await expect(attempt(stale.id)).rejects.toMatchObject({ code: 'champion_changed' })
      await expect(attempt('none')).rejects.toMatchObject({ code: 'decision_unknown' })
      expect(await registry.champion(model)).toBeNull()
      expect(await registry.audit(model)).toEqual([])
    })

    test('by a decision about an earlier reign of the same champion is refused', async () => {
      const registry = get()
      const model = newModel()
      await newVersions(registry, model, 3)
      const first = await promoteByHand(registry, model, 1)
      const early = await registry.recordDecision(decided(model, newModel(), 3, first))
      await promoteByHand(registry, model, 2)
      await registry.rollback(model, 'ana', 'wrong')
      const late = registry.promote({ model, version: 3, expectedEpoch: 3, decision: early.id, actor: 'loop' })
      await expect(late).rejects.toMatchObject({ code: 'champion_changed' })
      expect(await registry.champion(model)).toMatchObject({ version: 1, epoch: 3 })
    })

    test('of a version or a model that is not there is refused', async () => {
      const registry = get()
      const model = newModel()
      await expect(promoteByHand(registry, model, 1)).rejects.toMatchObject({ code: 'version_unknown' })
      await newVersions(registry, model, 1)
      await expect(promoteByHand(registry, model, 2)).rejects.toMatchObject({ code: 'version_unknown' })
    })

    test('to the champion that is there changes nothing', async () => {
      const registry = get()
      const model = newModel()
      await newVersions(registry, model, 1)
      const first = await promoteByHand(registry, model, 1)
      expect(await promoteByHand(registry, model, 1)).toEqual(first)
      expect(await registry.audit(model)).toHaveLength(1)
    })
  })

  describe('rollback', () => {
    test('goes back one champion at a time until there is none before', async () => {
      const registry = get()
      const model = newModel()
      await newVersions(registry, model, 3)
      for (const version of [1, 2, 3]) await promoteByGate(registry, model, version)
      expect(await registry.rollback(model, 'ana', 'too slow')).toMatchObject({ version: 2, epoch: 4 })
      expect(await productionOf(registry, model)).toEqual([2])
      expect(await registry.rollback(model, 'ana', 'still too slow')).toMatchObject({ version: 1, epoch: 5 })
      await expect(registry.rollback(model, 'ana', 'again')).rejects.toMatchObject({ code: 'nothing_to_roll_back' })
      expect(await registry.champion(model)).toMatchObject({ version: 1, epoch: 5 })
      const last = (await registry.audit(model)).at(-1)!
      expect(last).toMatchObject({
        actor: 'ana',
        action: 'rollback',
        subject: { version: 1, previous: 2, epoch: 5, reason: 'still too slow' },
      })
    })

    test('after a rollback and a promotion goes back to the champion before the promotion', async () => {
      const registry = get()
      const model = newModel()
      await newVersions(registry, model, 3)
      for (const version of [1, 2]) await promoteByGate(registry, model, version)
      await registry.rollback(model, 'ana', 'wrong')
      await promoteByGate(registry, model, 3)
      expect(await registry.rollback(model, 'ana', 'wrong too')).toMatchObject({ version: 1, epoch: 5 })
      await expect(registry.rollback(model, 'ana', 'and this')).rejects.toMatchObject({ code: 'nothing_to_roll_back' })
    })

    test('asked twice for one epoch happens once', async () => {
      const registry = get()
      const model = newModel()
      await newVersions(registry, model, 3)
      for (const version of [1, 2, 3]) await promoteByGate(registry, model, version)
      await registry.rollback(model, 'ana', 'wrong', 3)
      await expect(registry.rollback(model, 'ana', 'wrong', 3)).rejects.toMatchObject({ code: 'champion_changed' })
      expect(await registry.champion(model)).toMatchObject({ version: 2, epoch: 4 })
    })

    test('of a model without a champion is refused', async () => {
      const registry = get()
      const model = newModel()
      await newVersions(registry, model, 1)
      await expect(registry.rollback(model, 'ana', 'why')).rejects.toMatchObject({ code: 'nothing_to_roll_back' })
    })
  })

  test('the champion of any time is told by the history', async () => {
    const registry = get()
    const model = newModel()
    await newVersions(registry, model, 2)
    const first = await promoteByGate(registry, model, 1)
    const second = await promoteByGate(registry, model, 2)
    const third = await registry.rollback(model, 'ana', 'wrong')
    expect(await registry.championAt(model, '2020-01-01T00:00:00Z')).toBeNull()
    expect(await registry.championAt(model, first.since)).toEqual(first)
    expect(await registry.championAt(model, second.since)).toEqual(second)
    expect(await registry.championAt(model, third.since)).toEqual(third)
    expect(await registry.championAt(model, '2999-01-01T00:00:00+02:00')).toEqual(third)
  })

  test('fingerprints that were supplied are kept, the newest counts, and the audit log says who', async () => {
    const registry = get()
    const model = newModel()
    await newVersions(registry, model, 2)
    expect(await registry.suppliedFingerprints(model, 2)).toBeNull()
    const supplied = { model, version: 2, rows: 10, actor: 'ana' }
    await registry.supplyFingerprints({ ...supplied, fingerprints: 'aa' })
    await registry.supplyFingerprints({ ...supplied, fingerprints: 'bb' })
    expect(await registry.suppliedFingerprints(model, 2)).toBe('bb')
    expect(await registry.suppliedFingerprints(model, 1)).toBeNull()
    expect((await registry.audit(model)).at(-1)).toMatchObject({
      actor: 'ana',
      action: 'supply_fingerprints',
      subject: { version: 2, fingerprints: 'bb', rows: 10 },
    })
    await expect(registry.supplyFingerprints({ ...supplied, version: 9, fingerprints: 'cc' })).rejects.toThrow()
  })

  describe('looks at the holdout', () => {
    test('count once for each champion, challenger, rows and metric', async () => {
      const registry = get()
      const model = newModel()
      await newVersions(registry, model, 3)
      const { epoch } = await promoteByGate(registry, model, 1)
      const look = { model, epoch, challenger: 2, rowsHash: 'february', metric: 'auc' }
      expect(await registry.look(look)).toBe(1)
      expect(await registry.look({ ...look, challenger: 3 })).toBe(2)
      expect(await registry.look(look)).toBe(1)
      expect(await registry.look({ ...look, rowsHash: 'march' })).toBe(3)
      expect(await registry.look({ ...look, metric: 'f1' })).toBe(4)
      expect(await registry.look({ ...look, metric: 'f1' })).toBe(4)
    })

    test('begin anew only when the gate promotes, not after a rollback or a move by hand', async () => {
      const registry = get()
      const model = newModel()
      await newVersions(registry, model, 4)
      const look = (epoch: number, challenger: number) =>
        registry.look({ model, epoch, challenger, rowsHash: 'r', metric: 'auc' })
      expect(await look(0, 1)).toBe(1)
      await promoteByGate(registry, model, 1)
      expect(await look(1, 2)).toBe(1)
      expect(await look(1, 3)).toBe(2)
      await promoteByHand(registry, model, 2)
      expect(await look(2, 3)).toBe(3)
      await promoteByGate(registry, model, 3)
      expect(await look(3, 4)).toBe(1)
      await registry.rollback(model, 'ana', 'back to 2, whose looks count from epoch 1')
      expect(await look(4, 4)).toBe(5)
    })

    test('count anew when the labels were decided a year after the promotion, and are listed', async () => {
      const registry = get()
      const model = newModel()
      await newVersions(registry, model, 3)
      const { epoch, since } = await promoteByGate(registry, model, 1)
      const day = (n: number) => new Date(Date.parse(since) + n * 86_400_000).toISOString()
      const look = { model, epoch, challenger: 2, rowsHash: 'r', metric: 'auc' }
      expect(await registry.look({ ...look, windowStart: day(10) })).toBe(1)
      expect(await registry.look({ ...look, windowStart: day(364), rowsHash: 's' })).toBe(2)
      expect(await registry.look({ ...look, windowStart: day(366), rowsHash: 't' })).toBe(1)
      expect(await registry.look({ ...look, windowStart: day(-400), rowsHash: 'u' })).toBe(3)
      const listed = (n: number) => registry.looks({ model, epoch, windowStart: day(n) })
      expect((await listed(0)).map(({ rowsHash, number }) => `${number} ${rowsHash}`)).toEqual(['1 r', '2 s', '3 u'])
      expect((await listed(700)).map(({ rowsHash, number }) => `${number} ${rowsHash}`)).toEqual(['1 t'])
    })

    test('made by many at once each get a number of their own', async () => {
      const registry = get()
      const model = newModel()
      await newVersions(registry, model, 2)
      const { epoch } = await promoteByGate(registry, model, 1)
      const rows = Array.from({ length: 16 }, (_, i) => `rows-${i}`)
      const numbers = await Promise.all(
        rows.map((rowsHash) => registry.look({ model, epoch, challenger: 2, rowsHash, metric: 'auc' })),
      )
      expect(numbers.sort((a, b) => a - b)).toEqual(rows.map((_, i) => i + 1))
    })

    test('against a champion that never was are refused', async () => {
      const registry = get()
      const model = newModel()
      const look = { model, epoch: 7, challenger: 1, rowsHash: 'r', metric: 'auc' }
      await expect(registry.look(look)).rejects.toMatchObject({ code: 'version_unknown' })
      await newVersions(registry, model, 1)
      await expect(registry.look(look)).rejects.toMatchObject({ code: 'champion_changed' })
    })
  })

  test('of 8 promoters at once, 30 times over, one wins each time and the history stays a line', async () => {
    const registry = get()
    const model = newModel()
    const promoters = 8
    const rounds = 30
    await newVersions(registry, model, promoters)
    for (let round = 0; round < rounds; round++) {
      const current = await registry.champion(model)
      const challengers = Array.from({ length: promoters }, (_, i) => i + 1).filter((v) => v !== current?.version)
      const results = await Promise.allSettled(
        challengers.map((version) =>
          registry.promote({ model, version, expectedEpoch: round, decision: null, actor: `promoter ${version}` }),
        ),
      )
      const won = results.filter((r) => r.status === 'fulfilled')
      const lost = results.filter((r) => r.status === 'rejected')
      expect(won).toHaveLength(1)
      expect(lost.every((r) => r.reason.code === 'champion_changed')).toBe(true)
      expect(await registry.champion(model)).toEqual(won[0]!.value)
      expect(await productionOf(registry, model)).toEqual([won[0]!.value.version])
    }
    const audit = await registry.audit(model)
    expect(audit.map((row) => row.subject.epoch)).toEqual(Array.from({ length: rounds }, (_, i) => i + 1))
    for (let i = 1; i < rounds; i++) expect(audit[i]!.subject.previous).toBe(audit[i - 1]!.subject.version)
  })
}

describe('Registry in Postgres', () => {
  const postgres = postgresForTests()
  const registry = () => postgresRegistry(postgres.database)
  registryContract(registry)

  test('a connection that dies in the middle of a promotion leaves nothing', async () => {
    const { database } = postgres
    const model = newModel()
    await newVersions(registry(), model, 2)
    const before = await promoteByHand(registry(), model, 1)

    const promotion = await database.transaction(async (blocker) => {
      // The promotion has written champion and stages and waits to write its audit row.
      await blocker.run('lock table vigie.audit in share mode')
      const running = Promise.allSettled([promoteByHand(registry(), model, 2)])
      await killWaiting(database, 'insert into vigie.audit%')
      return running
    })

    const [outcome] = await promotion
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'database_unreachable' } })
    expect(await registry().champion(model)).toEqual(before)
    expect(await productionOf(registry(), model)).toEqual([1])
    expect(await registry().audit(model)).toHaveLength(1)
    expect(await promoteByHand(registry(), model, 2)).toMatchObject({ version: 2, epoch: 2 })
  })

  test('history, decisions, looks and audit rows are never changed', async () => {
    const { database } = postgres
    const model = newModel()
    await newVersions(registry(), model, 2)
    const { epoch } = await promoteByGate(registry(), model, 1)
    await registry().look({ model, epoch, challenger: 2, rowsHash: 'r', metric: 'auc' })
    for (const table of ['model_version', 'decision', 'reign', 'look', 'audit']) {
      await expect(database.run(`delete from vigie.${table}`)).rejects.toThrow(/never changed/)
      await expect(database.run(`update vigie.${table} set model = 'x'`)).rejects.toThrow(/never changed/)
    }
  })

  test('no two versions of a model can be in Production, whoever writes', async () => {
    const { database } = postgres
    const model = newModel()
    await newVersions(registry(), model, 2)
    await promoteByHand(registry(), model, 1)
    const second = database.rows(
      `insert into vigie.version_stage (model, version, stage) values ($1, 2, 'Production')`,
      [model],
    )
    await expect(second).rejects.toThrow(/one_production_a_model/)
  })

  describe('watching the champion', () => {
    const soon = { timeout: 4000, interval: 10 }

    test('tells of each change', async () => {
      const model = newModel()
      await newVersions(registry(), model, 2)
      const changed = vi.fn()
      const stop = await registry().watchChampion(model, changed)
      const atStart = changed.mock.calls.length
      await promoteByHand(registry(), model, 1)
      await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(atStart + 1), soon)
      await promoteByHand(registry(), model, 2)
      await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(atStart + 2), soon)
      await stop()
      await promoteByHand(registry(), model, 1)
      await sleep(50)
      expect(changed).toHaveBeenCalledTimes(atStart + 2)
    })

    test('does not depend on the notification', async () => {
      const model = newModel()
      await newVersions(registry(), model, 1)
      const changed = vi.fn()
      const stop = await registry().watchChampion(model, changed)
      const atStart = changed.mock.calls.length
      await postgres.database.rows(
        `insert into vigie.reign (model, epoch, version, since, actor, looks_from) values ($1, 1, 1, now(), 'x', 1)`,
        [model],
      )
      await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(atStart + 1), soon)
      await stop()
    })

    test('goes on after its connection was cut', async () => {
      const model = newModel()
      await newVersions(registry(), model, 1)
      const changed = vi.fn()
      const stop = await registry().watchChampion(model, changed)
      const atStart = changed.mock.calls.length
      const cut = await postgres.database.rows(
        `select pg_terminate_backend(pid) from pg_stat_activity where query like 'select coalesce(max(epoch)%'`,
      )
      expect(cut.length).toBeGreaterThan(0)
      await promoteByHand(registry(), model, 1)
      await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(atStart + 1), soon)
      await stop()
    })
  })
})

/** Ends the connection whose statement waits for a lock, as soon as there is one. */
async function killWaiting(database: Database, statement: string): Promise<void> {
  for (;;) {
    const killed = await database.rows(
      `select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and query like $1`,
      [statement],
    )
    if (killed.length > 0) return
    await sleep(5)
  }
}
