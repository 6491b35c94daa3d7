import type { Project } from '../define/project.ts'
import { artefactHeader } from '../domain/model/artefact.ts'
import type { CardReport } from '../domain/model-card.ts'
import type { Ports } from '../ports/ports.ts'
import type { ModelVersion } from '../ports/registry.ts'
import { VERSION } from '../version.ts'
import { cardDrift } from './card/drift.ts'
import { cardEvaluation } from './card/evaluation.ts'
import { cardExplanation } from './card/explanation.ts'
import { cardFeatures } from './card/features.ts'
import { limitsOf } from './card/limits.ts'
import { modelVersion } from './holdout-scores.ts'

/**
 * The card of a version, from evidence alone: what registry, catalogue, artefact, decisions, reports and audit hold of it.
 * It scores nothing on held-out rows, so it is no look at them. `explain` says what its features do, which takes a fit or
 * two.
 *
 * @throws `version_unknown`, and what reading a damaged store throws
 */
export async function modelCard(
  ports: Ports,
  project: Project,
  { version, explain }: { readonly version: number; readonly explain: boolean },
  onProgress?: (share: number) => void,
): Promise<CardReport> {
  const { registry } = ports
  const { name } = project.model
  const registered = await modelVersion(ports, project, version)
  const header = artefactHeader(await ports.artefacts.get(registered.artefact))
  const [all, champion, recorded, audit, policy] = await Promise.all([
    registry.versions(name),
    registry.champion(name),
    registry.decisions(name),
    registry.audit(name),
    registry.policy(registered.policyHash),
  ])
  const decisions = recorded.filter(({ challenger }) => challenger === version)
  const known = {
    training: await trainingOf(ports, registered),
    features: await cardFeatures(ports, project, header.features),
    ...(await cardEvaluation(ports, decisions, header.target)),
    ...(await cardDrift(ports, registered.trainedAsOf)),
    ...(await cardExplanation(ports, project, version, explain, onProgress)),
  }
  return {
    project: project.name,
    model: name,
    version,
    createdAt: registered.createdAt,
    stage: all.find((one) => one.version === version)?.stage ?? 'None',
    championSince: champion?.version === version ? champion.since : null,
    target: header.target,
    threshold: header.threshold,
    artefact: { sha256: registered.artefact, bytes: registered.artefactBytes },
    body: header.model,
    trainer: registered.trainer,
    hashes: {
      definition: registered.definitionHash,
      features: registered.featureSpecHash,
      policy: registered.policyHash,
    },
    definition: registered.definitionHash === project.hash ? 'same' : 'changed',
    policy: policy && { frozenAt: policy.frozenAt, policy: policy.policy },
    decisions: decisions.map(({ id, asOf, at, champion, outcome, reasons }) => ({
      id,
      asOf,
      at,
      champion,
      outcome,
      reasons,
    })),
    audit: audit
      .filter(({ subject }) => subject.version === version)
      .map(({ at, actor, action, subject }) => ({
        at,
        actor,
        action,
        reason: typeof subject.reason === 'string' ? subject.reason : null,
      })),
    limits: limitsOf({ registered, decisions, ...known }),
    ...known,
    generatedBy: `vigie ${VERSION}`,
  }
}

async function trainingOf(ports: Ports, registered: ModelVersion): Promise<CardReport['training']> {
  const { trainingSet: set } = registered
  const ids = new Set(registered.snapshots)
  const snapshots = (await ports.snapshots.list()).filter(({ id }) => ids.has(id))
  return {
    asOf: registered.trainedAsOf,
    rows: registered.trainingRows,
    baseRate: registered.trainingBaseRate,
    rowsHash: registered.trainingRowsHash,
    recipe: set && {
      label: `${set.label.from}.${set.label.column}`,
      key: set.key,
      heldOut: set.holdout.fraction,
      knownAt: set.knownAt,
    },
    snapshots: snapshots.map(({ id, asOf, version, knownAt, contentHash }) => ({
      id,
      asOf,
      version,
      knownAt,
      contentHash,
    })),
  }
}
