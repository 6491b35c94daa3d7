import type { CardReport } from '../../domain/model-card.ts'
import type { DecisionRecord, ModelVersion } from '../../ports/registry.ts'

/** What speaks against a version and what nobody knows of it, each told from something that is recorded or is not. */
export function limitsOf({
  registered,
  decisions,
  training,
  features,
  evaluation,
  unevaluated,
  undrifted,
}: {
  readonly registered: ModelVersion
  readonly decisions: readonly DecisionRecord[]
} & Pick<CardReport, 'training' | 'features' | 'evaluation' | 'unevaluated' | 'undrifted'>): readonly string[] {
  const dates = [...new Set(decisions.filter(({ evidence }) => evidence.metrics).map(({ asOf }) => asOf))]
  const ownerless = features.filter(({ owner, expression }) => owner === null && expression === null)
  return [
    'What it may be used for, and for whom, is not recorded: the definition has no place for it.',
    'What it tells holds for entities and times like those of its rows. What features contribute is not what causes the outcome.',
    ...(training.recipe === null ? ['Nobody kept what its training rows were.'] : []),
    ...(registered.fingerprints === null
      ? ['Which entities it was trained on is not known, so nothing is proven unseen.']
      : []),
    ...(evaluation === null ? [`How good it is nobody knows: ${unevaluated}.`] : []),
    ...(dates.length === 1 ? [`It was judged on the rows of one date, ${dates[0]}.`] : []),
    ...(evaluation && evaluation.details === null
      ? ['The scores that it was judged on were not kept, so its metrics have no intervals here.']
      : []),
    ...partLimits(evaluation),
    ...decisions
      .filter(({ id }) => id === evaluation?.decision)
      .flatMap(({ reasons }) => reasons.filter(({ kind }) => kind === 'warn').map(({ text }) => `${text}.`)),
    ...(undrifted === null ? [] : [`Whether its inputs had moved when it was trained is not known: ${undrifted}.`]),
    ...(ownerless.length === 0
      ? []
      : [`${ownerless.length} of ${features.length} features have no owner in the definition.`]),
  ]
}

function partLimits(evaluation: CardReport['evaluation']): readonly string[] {
  if (evaluation === null) return []
  const { slices, unjudgedSlices } = evaluation.evidence
  const declared = (slices ?? []).some(({ kind }) => kind === 'declared') || (unjudgedSlices ?? []).length > 0
  return [
    ...(declared ? [] : ['No parts of the rows were named, so for whom it is worse was only searched, not asked.']),
    ...((unjudgedSlices ?? []).length > 0
      ? [`${unjudgedSlices!.length} named parts of the rows were too small to judge.`]
      : []),
  ]
}
