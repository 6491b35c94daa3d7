import { labelTarget } from '../define/label.ts'
import type { Project } from '../define/project.ts'
import type { AsOf } from '../domain/as-of.ts'
import type { ScoredRows } from '../domain/comparison.ts'
import { artefactHeader } from '../domain/model/artefact.ts'
import { metricsFor } from '../domain/policy.ts'
import { decidePromotion } from '../domain/promotion/decide-promotion.ts'
import { unpackScoredRows } from '../domain/scored-rows.ts'
import type { Ports } from '../ports/ports.ts'
import type { ComparedModel, ComparisonReport } from '../report/comparison/model.ts'
import { renderHtml, renderJson } from '../report/comparison/render.ts'
import { VERSION } from '../version.ts'
import { contestOf } from './contest.ts'
import { labelledRows, split } from './dataset.ts'
import { decide } from './decide.ts'
import { type EvaluateResult, evaluate } from './evaluate.ts'
import { modelVersion } from './holdout-scores.ts'
import { scoreContest } from './score-contest.ts'
import { selectRows } from './select-rows.ts'

export interface VersionComparison {
  readonly report: ComparisonReport
  /** As it was evaluated, for whoever tells it as the loop does. */
  readonly evaluated: EvaluateResult
  /** The page, and the paths of what was kept. */
  readonly html: string
  readonly kept: { readonly html: string; readonly json: string }
}

/**
 * Compares a version with the champion, or with any other, on held-out rows of `asOf` that neither has seen. Against the
 * champion the decision is recorded, as the loop would. Whatever it is compared with, it counts as a look at the holdout.
 *
 * @throws `version_unknown`, `snapshot_missing`, `feature_spec_mismatch` when a version cannot be scored any more
 */
export async function compareVersions(
  ports: Ports,
  project: Project,
  { asOf, challenger, against }: { readonly asOf: AsOf; readonly challenger: number; readonly against: number | null },
): Promise<VersionComparison> {
  const champion = await ports.registry.champion(project.model.name)
  const againstChampion = against === null || against === champion?.version
  const evaluated = await evaluate(ports, project, { asOf, challenger, against })
  const decided = againstChampion ? await decide(ports, project, evaluated) : null
  const { outcome, reasons } = decided ?? decidePromotion(evaluated.evidence, project.promotion)
  const scored = evaluated.comparison && (await scoredRows(ports, project, evaluated, against))
  const target = labelTarget(project.label)
  const report: ComparisonReport = {
    project: project.name,
    model: project.model.name,
    asOf,
    target,
    challenger: await compared(ports, project, challenger),
    champion: evaluated.champion === null ? null : await compared(ports, project, evaluated.champion),
    againstChampion,
    decision: decided?.id ?? null,
    outcome,
    reasons,
    policy: project.promotion,
    evidence: evaluated.evidence,
    details: scored && (await ports.compute.run('compareDetails', { scored, metricNames: metricsFor(target) })),
    incomplete: evaluated.incomplete,
    generatedBy: `vigie ${VERSION}`,
  }
  const html = renderHtml(report)
  const name = { kind: 'comparison', asOf, challenger, champion: evaluated.champion } as const
  return { report, evaluated, html, kept: await ports.reports.save(name, { html, json: renderJson(report) }) }
}

/** What the gate decided on: kept with the evidence, or scored again when it was too large to keep. */
async function scoredRows(
  ports: Ports,
  project: Project,
  { evidence, asOf, challenger }: EvaluateResult,
  against: number | null,
): Promise<ScoredRows> {
  if (evidence.scoredRows) return unpackScoredRows(await ports.artefacts.get(evidence.scoredRows))
  const contest = await contestOf(ports, project, challenger, against)
  const { heldOut } = split(await labelledRows(ports, project, asOf), project.model.holdout)
  const { rows } = await selectRows(ports, project, contest, heldOut)
  return scoreContest(ports, project, contest, rows)
}

async function compared(ports: Ports, project: Project, version: number): Promise<ComparedModel> {
  const { trainedAsOf, trainingRows, trainer, artefact } = await modelVersion(ports, project, version)
  const { threshold } = artefactHeader(await ports.artefacts.get(artefact))
  return { version, trainedAsOf, trainingRows, trainer: String(trainer.kind), threshold, artefact }
}
