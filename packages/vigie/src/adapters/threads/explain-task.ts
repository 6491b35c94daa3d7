import { explainerOf } from '../../domain/explain/explain-model.ts'
import { gainByFeature } from '../../domain/explain/gain.ts'
import { shuffledMetrics } from '../../domain/explain/permutation.ts'
import { parseArtefact } from '../../domain/model/artefact.ts'
import { VigieError } from '../../errors.ts'
import type { Tasks } from '../../ports/compute.ts'
import type { TaskContext } from './serve.ts'

/** Gain and the contributions to many rows. Throws `explanation_unavailable`. */
export function explainTask(
  { artefact, rows, most }: Tasks['explain']['input'],
  context: TaskContext,
): Tasks['explain']['output'] {
  const model = parseArtefact(artefact)
  const explainer = explainerOf(model)
  const width = model.header.features.length
  const all = rows.columns[0]!.length
  const count = Math.max(1, Math.min(all, most.rows, Math.floor(most.visits / explainer.cost)))
  const phi = new Float64Array(count * explainer.outputs * width)
  const row = new Float64Array(width)
  const indices = Int32Array.from({ length: count }, (_, i) => Math.floor((i * all) / count))
  for (const [i, index] of indices.entries()) {
    for (let f = 0; f < width; f++) row[f] = rows.columns[f]![index]!
    const own = phi.subarray(i * explainer.outputs * width, (i + 1) * explainer.outputs * width)
    for (const _ of explainer.explain(row, own));
    context.progress((i + 1) / count)
  }
  const { body } = model
  const forest = body.kind === 'forest' && body.forest.covers !== null ? body.forest : null
  const gain = forest && gainByFeature(forest, forest.covers!, width)
  context.transfer(phi.buffer)
  const { space, beforeCalibration } = explainer
  return { space, beforeCalibration, bases: explainer.bases(), rows: indices, phi, gain }
}

export function shuffleTask(
  { parts, ...shuffling }: Tasks['shuffle']['input'],
  context: TaskContext,
): Tasks['shuffle']['output'] {
  const unseen = parts.map(({ artefact, rows }) => {
    if (!rows.label) throw new VigieError('internal', 'shuffling needs rows with labels')
    const { columns, label, weight = null } = rows
    return { model: parseArtefact(artefact), columns, label, weight }
  })
  return shuffledMetrics(unseen, shuffling, (done) => context.progress(done / shuffling.units.length))
}
