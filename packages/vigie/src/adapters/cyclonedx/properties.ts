import type { CardReport } from '../../domain/model-card.ts'

interface Property {
  readonly name: string
  readonly value: string
}

/** What CycloneDX has no word for: hashes of what the version was made from, and who decided what. */
export function properties(card: CardReport): readonly Property[] {
  const { training, hashes, trainer, decisions, audit, drift, explanation, threshold, stage } = card
  const { recipe } = training
  return [
    property('stage', stage),
    ...(card.championSince ? [property('champion-since', card.championSince)] : []),
    property('training:as-of', training.asOf),
    property('training:rows', training.rows),
    property('training:rows-sha256', training.rowsHash),
    ...(training.baseRate === null ? [] : [property('training:share-of-class-1', training.baseRate)]),
    ...(recipe
      ? [
          property('training:label', recipe.label),
          property('training:held-out', recipe.heldOut),
          property('training:known-at', recipe.knownAt),
        ]
      : []),
    property('definition-sha256', hashes.definition),
    property('features-sha256', hashes.features),
    property('policy-sha256', hashes.policy),
    property('trainer', trainer),
    ...(threshold === null ? [] : [property('threshold', threshold)]),
    ...(drift ? [property('drift:share', drift.share), property('drift:moved', drift.drifted)] : []),
    ...(explanation?.features.flatMap(({ name, gain, loss, size }) => [
      property(`feature:${name}`, { gain, loss: loss?.estimate ?? null, meanSize: size.estimate }),
    ]) ?? []),
    ...decisions.map(({ id, outcome, at, asOf }) => property(`decision:${id}`, `${outcome} on rows of ${asOf}, ${at}`)),
    ...audit.map(({ at, actor, action, reason }) =>
      property(`audit:${at}`, `${action} by ${actor}${reason ? `: ${reason}` : ''}`),
    ),
  ]
}

function property(name: string, value: unknown): Property {
  return { name: `vigie:${name}`, value: typeof value === 'string' ? value : JSON.stringify(value) }
}
