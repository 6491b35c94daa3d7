import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { asOf } from '../../src/domain/as-of.ts'
import { fingerprints } from '../../src/domain/fingerprint.ts'
import { packFingerprints } from '../../src/domain/fingerprint-file.ts'
import { isHeldOut } from '../../src/domain/holdout.ts'
import { decide } from '../../src/loop/decide.ts'
import { evaluate } from '../../src/loop/evaluate.ts'
import { replay } from '../../src/loop/replay.ts'
import { supplyFingerprints } from '../../src/loop/supply-fingerprints.ts'
import type { ModelVersion } from '../../src/ports/registry.ts'
import { loopForTests } from './loop-for-tests.ts'
import { oddMonth } from './odd-months.ts'
import { HELD_OUT, oddProject } from './odd-project.ts'

const loop = loopForTests()
const january = '2024-01-31'
const february = '2024-02-29'
const heldOutItems = Array.from({ length: 600 }, (_, i) => `item-${String(i).padStart(4, '0')}`).filter((id) =>
  isHeldOut(id, HELD_OUT),
)

/** Two months; the law changes in the second, so its challenger is far better. */
async function twoMonths(project = oddProject()) {
  await loop.run(project, await oddMonth(loop.folder, 'one'), january)
  return loop.run(project, await oddMonth(loop.folder, 'two', { seed: 2, law: 'y', shift: 3 }), february)
}

/** The same model again, as somebody brings it: nobody says what it was trained on. */
async function fromElsewhere(version: number, name = 'elsewhere'): Promise<ModelVersion> {
  const { version: _, createdAt: __, ...made } = (await loop.ports.registry.version('odd_model', version))!
  return loop.ports.registry.createVersion({ ...made, fingerprints: null, trainingSet: null }, name)
}

async function champion(version: number): Promise<void> {
  const { epoch } = (await loop.ports.registry.champion('odd_model'))!
  await loop.ports.registry.promote({
    model: 'odd_model',
    version,
    expectedEpoch: epoch,
    decision: null,
    actor: 'test',
  })
}

const held = (reasons: readonly { readonly kind: string; readonly code: string }[]) =>
  reasons.filter(({ kind }) => kind === 'hold').map(({ code }) => code)

test('a decision is computed again from the stored scores, and altered evidence is told from it', async () => {
  const project = oddProject()
  const { decision } = await twoMonths(project)
  expect(decision?.outcome).toBe('promote')
  const recorded = (await loop.ports.registry.decisions('odd_model')).at(-1)!
  expect(recorded.evidence).toMatchObject({
    format: 2,
    sample: { kind: 'binary', rows: heldOutItems.length },
    selection: { held: heldOutItems.length, used: heldOutItems.length },
    ledger: { earlier: [], freshShare: 1 },
  })
  expect(recorded.evidence.slices!.length).toBeGreaterThanOrEqual(0)
  expect(await replay(loop.ports, project, recorded.id)).toMatchObject({ same: true, evidence: 'same' })

  const gain = { ...recorded.evidence.gain!, estimate: recorded.evidence.gain!.estimate + 1e-9 }
  const { at: _, ...altered } = { ...recorded, id: 'altered', evidence: { ...recorded.evidence, gain } }
  await loop.ports.registry.recordDecision(altered)
  expect(await replay(loop.ports, project, 'altered')).toMatchObject({ same: false, evidence: 'other' })
})

test('a champion from elsewhere is compared once its training keys are known, on what it has not seen', async () => {
  const project = oddProject()
  await twoMonths(project)
  const foreign = await fromElsewhere(1)
  await champion(foreign.version)
  const request = { asOf: asOf(february), challenger: 2 }

  const unknown = await decide(loop.ports, project, await evaluate(loop.ports, project, request))
  expect(held(unknown.reasons)).toEqual(['not_comparable'])
  expect(await loop.ports.registry.looks({ model: 'odd_model', epoch: 3 })).toHaveLength(0)

  const seen = heldOutItems.slice(0, 90)
  const file = path.join(loop.folder, 'keys.csv')
  await writeFile(file, `id\n${seen.join('\n')}\n`)
  await supplyFingerprints(loop.ports, project, { version: foreign.version, file, actor: 'ana' })
  expect((await loop.ports.registry.audit('odd_model')).at(-1)).toMatchObject({
    actor: 'ana',
    action: 'supply_fingerprints',
    subject: { version: foreign.version, rows: 90 },
  })
  const evaluated = await evaluate(loop.ports, project, request)
  expect(evaluated.evidence).toMatchObject({
    overlap: { champion: { rows: 0, entities: 0 }, challenger: { rows: 0, entities: 0 } },
    selection: {
      held: heldOutItems.length,
      used: heldOutItems.length - 90,
      seenByChampion: { rows: 0, entities: 90 },
      seenByChallenger: { rows: 0, entities: 0 },
    },
    sample: { entities: heldOutItems.length - 90 },
  })
  const decided = await decide(loop.ports, project, evaluated)
  expect(decided.outcome).toBe('promote')
  expect(decided.reasons.find(({ code }) => code === 'seen_rows_dropped')?.text).toMatch(
    `n ${heldOutItems.length} -> ${heldOutItems.length - 90} (`,
  )
  expect(await replay(loop.ports, project, decided.id)).toMatchObject({ same: true, evidence: 'same' })
})

test('a champion that has seen most of the holdout, or whose keys are of another secret, is not compared', async () => {
  const project = oddProject()
  await twoMonths(project)
  const foreign = await fromElsewhere(1)
  await champion(foreign.version)
  const request = { asOf: asOf(february), challenger: 2 }
  const file = path.join(loop.folder, 'keys.csv')
  const rows = heldOutItems.slice(0, heldOutItems.length - 50).map((id) => `${id},${february}`)
  await writeFile(file, `id,as_of\n${rows.join('\n')}\n`)
  await supplyFingerprints(loop.ports, project, { version: foreign.version, file, actor: 'ana' })
  const seen = await decide(loop.ports, project, await evaluate(loop.ports, project, request))
  expect(held(seen.reasons)).toEqual(['row_leak'])
  expect(seen.comparison).toBeNull()

  const prints = packFingerprints(fingerprints(Buffer.alloc(32, 1), heldOutItems, asOf(january)), 'another key')
  await loop.ports.registry.supplyFingerprints({
    model: 'odd_model',
    version: foreign.version,
    fingerprints: await loop.ports.artefacts.put(prints),
    rows: 1,
    actor: 'ana',
  })
  const other = await decide(loop.ports, project, await evaluate(loop.ports, project, request))
  expect(held(other.reasons)).toEqual(['not_comparable'])
})

test('a second look at the same labels is counted, and said not to be fresh', async () => {
  const project = oddProject()
  await twoMonths(project)
  const again = await loop.ports.registry.version('odd_model', 1)
  const { version: _, createdAt: __, ...made } = again!
  const rival = await loop.ports.registry.createVersion(made, 'rival')
  const request = { asOf: asOf(february), challenger: rival.version }
  const first = await evaluate(loop.ports, project, { ...request, challenger: 1 })
  expect(first.evidence.look).toBe(1)
  const second = await evaluate(loop.ports, project, request)
  expect(second.evidence.look).toBe(2)
  expect(second.evidence.ledger).toMatchObject({ earlier: [{ number: 1, challenger: 1 }], freshShare: 0 })
  const { reasons, outcome } = await decide(loop.ports, project, second)
  expect(outcome).toBe('keep')
  expect(reasons.map(({ code }) => code)).toContain('not_fresh')
  expect((await evaluate(loop.ports, project, request)).evidence).toEqual(second.evidence)
})

test('a latency is measured on the recorded rows and capped', async () => {
  const project = oddProject({ guards: { latencyMs: { max: 1000 }, sizeBytes: { max: 1 } } })
  const { decision } = await twoMonths(project)
  const of = (code: string) => decision!.reasons.find((reason) => reason.code === code)
  expect(of('guard_latencyMs')).toMatchObject({ kind: 'pass' })
  expect(of('guard_latencyMs')!.value).toBeGreaterThan(0)
  expect(of('guard_sizeBytes')).toMatchObject({ kind: 'keep' })
})
