import { canonicalJson } from '../../../domain/canonical-json.ts'
import { VigieError } from '../../../errors.ts'
import type { Champion, Registry } from '../../../ports/registry.ts'
import type { Queries } from '../database.ts'
import { asChampion, currentReign, type Reign, reignOfDecision, reignOfEpoch } from './champion.ts'
import { findDecision } from './decisions.ts'
import { findVersion, lockModel } from './versions.ts'

/** Servers listen here. The payload is JSON: model, version, epoch. */
export const CHAMPION_CHANNEL = 'vigie_champion'

type Promotion = Parameters<Registry['promote']>[0]

export async function promote(tx: Queries, change: Promotion): Promise<Champion> {
  const { model, version, decision, actor } = change
  await lockModel(tx, model)
  const current = await currentReign(tx, model)
  if (decision !== null) {
    const done = await reignOfDecision(tx, decision)
    if (done) return asChampion(done)
    await checkDecision(tx, decision, change, current)
  }
  checkEpoch(model, change.expectedEpoch, current)
  if (!(await findVersion(tx, model, version))) {
    throw new VigieError('version_unknown', `${model} has no version ${version}`, {
      rule: 'only a registered version can become champion',
      value: String(version),
    })
  }
  if (current?.version === version) return asChampion(current)
  const epoch = (current?.epoch ?? 0) + 1
  return enthrone(tx, {
    model,
    version,
    epoch,
    decision,
    actor,
    fallback: current?.epoch ?? null,
    looksFrom: decision === null ? (current?.looksFrom ?? epoch) : epoch,
    action: 'promote',
    subject: { version, previous: current?.version ?? null, epoch, decision },
  })
}

export async function rollBack(
  tx: Queries,
  model: string,
  actor: string,
  reason: string,
  expectedEpoch: number | undefined,
): Promise<Champion> {
  await lockModel(tx, model)
  const current = await currentReign(tx, model)
  if (expectedEpoch !== undefined) checkEpoch(model, expectedEpoch, current)
  if (!current || current.fallback === null) {
    throw new VigieError('nothing_to_roll_back', `${model} has no champion before the current one`, {
      rule: 'a rollback brings the champion before this one back',
      value: current ? `version ${current.version}, epoch ${current.epoch}` : 'no champion',
    })
  }
  const previous = (await reignOfEpoch(tx, model, current.fallback))!
  const epoch = current.epoch + 1
  return enthrone(tx, {
    model,
    version: previous.version,
    epoch,
    decision: null,
    actor,
    fallback: previous.fallback,
    looksFrom: previous.looksFrom,
    action: 'rollback',
    subject: { version: previous.version, previous: current.version, epoch, reason },
  })
}

/** A decision moves the champion only as it was made: this challenger, in this reign, and the answer was yes. */
async function checkDecision(tx: Queries, id: string, change: Promotion, current: Reign | null): Promise<void> {
  const decision = await findDecision(tx, id)
  if (!decision || decision.model !== change.model) {
    throw new VigieError('decision_unknown', `${change.model} has no decision ${id}`, {
      rule: 'a promotion cites a recorded decision',
      value: id,
    })
  }
  if (decision.outcome !== 'promote' || decision.challenger !== change.version) {
    throw new VigieError(
      'candidate_refused',
      `decision ${id} says ${decision.outcome} of version ${decision.challenger}, not promote of ${change.version}`,
      { rule: 'only what a decision promotes becomes champion by it', value: decision.outcome },
    )
  }
  checkEpoch(change.model, decision.championEpoch, current)
}

function checkEpoch(model: string, expected: number, current: Reign | null): void {
  if (expected !== (current?.epoch ?? 0)) throw championChanged(model, current)
}

function championChanged(model: string, current: Reign | null): VigieError {
  const now = current ? `version ${current.version} (epoch ${current.epoch})` : 'no champion'
  return new VigieError('champion_changed', `${model} now has ${now}`, {
    rule: 'the champion moves only from the one that was looked at',
    value: now,
  })
}

interface Enthronement {
  readonly model: string
  readonly version: number
  readonly epoch: number
  readonly decision: string | null
  readonly actor: string
  readonly fallback: number | null
  readonly looksFrom: number
  readonly action: 'promote' | 'rollback'
  readonly subject: Readonly<Record<string, unknown>>
}

/** The alias, the stages, the audit row and the word to the servers, in the caller's transaction. */
async function enthrone(tx: Queries, next: Enthronement): Promise<Champion> {
  const { model, version, epoch } = next
  // Strictly after the reign before, even if the clock was set back: the history stays a line.
  await tx.rows(
    `insert into vigie.reign (model, epoch, version, since, decision, actor, fallback, looks_from)
    select $1, $2, $3, greatest(clock_timestamp(), max(since) + interval '1 microsecond'), $4, $5, $6, $7
    from vigie.reign where model = $1`,
    [model, epoch, version, next.decision, next.actor, next.fallback, next.looksFrom],
  )
  await tx.rows(
    `update vigie.version_stage set stage = 'Archived', since = clock_timestamp()
    where model = $1 and stage = 'Production'`,
    [model],
  )
  await tx.rows(
    `insert into vigie.version_stage (model, version, stage) values ($1, $2, 'Production')
    on conflict (model, version) do update set stage = excluded.stage, since = excluded.since`,
    [model, version],
  )
  await tx.rows('insert into vigie.audit (model, actor, action, subject) values ($1, $2, $3, $4)', [
    model,
    next.actor,
    next.action,
    canonicalJson(next.subject),
  ])
  await tx.rows('select pg_notify($1, $2)', [CHAMPION_CHANNEL, canonicalJson({ epoch, model, version })])
  return asChampion((await reignOfEpoch(tx, model, epoch))!)
}
