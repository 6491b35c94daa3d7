import type { AsOf } from '../domain/as-of.ts'
import { foldsOf, splitFold } from '../domain/folds.ts'
import { type Frame, takeRows } from '../domain/frame.ts'
import type { ArtefactHeader } from '../domain/model/artefact-header.ts'
import { rowsHash } from '../domain/rows-hash.ts'
import { plainTrainer } from '../domain/trainer.ts'
import type { Ports } from '../ports/ports.ts'

/** Models, each with rows that it has not seen. */
export interface ShuffledParts {
  readonly parts: readonly { readonly artefact: Uint8Array; readonly rows: Frame }[]
  readonly rows: number
  /** Models that were fitted for it; 0: the version itself. */
  readonly refits: number
}

const FOLDS = 3
/** Rows above which one fold is enough. */
const LARGE = 20_000
/** Rows that are shuffled, in all. */
const MOST_ROWS = 3000

/**
 * What features may be shuffled in. A model has learned its training rows by heart, so nothing that it says of them tells
 * what a feature is worth: models of the same trainer, with the parameters that were chosen for it, are fitted on two
 * thirds of the entities and asked about the others. On rows that it was not trained on the version speaks for itself.
 */
export async function shuffledParts(
  ports: Pick<Ports, 'compute'>,
  header: ArtefactHeader,
  given: {
    readonly artefact: Uint8Array
    readonly rows: Frame
    readonly asOf: AsOf
    readonly trainedOn: boolean | null
  },
  onProgress?: (share: number) => void,
  signal?: AbortSignal,
): Promise<ShuffledParts | { readonly because: string }> {
  const { artefact, rows, asOf } = given
  if (!given.trainedOn) {
    const some = spread(rows, MOST_ROWS)
    return { parts: [{ artefact, rows: some }], rows: some.keys.length, refits: 0 }
  }
  const trainer = plainTrainer(header.trainer)
  if (trainer === null) return { because: 'nobody knows which parameters its trainer was given' }
  const foldOf = foldsOf(rows.keys, FOLDS)
  const refits = rows.keys.length > LARGE ? 1 : FOLDS
  const parts: { artefact: Uint8Array; rows: Frame }[] = []
  for (let fold = 0; fold < refits; fold++) {
    const { inside, outside } = splitFold(foldOf, fold)
    if (inside.length === 0 || outside.length === 0) return { because: 'the rows are too few to part' }
    const fitted = takeRows(rows, outside)
    const { bytes } = await ports.compute.run(
      'fit',
      {
        trainer,
        rows: fitted,
        target: header.target,
        threshold: header.threshold,
        trainingRowsHash: rowsHash(fitted, asOf),
        definitionHash: header.definitionHash,
      },
      (share) => onProgress?.((fold + share) / refits),
      signal,
    )
    parts.push({ artefact: bytes, rows: spread(takeRows(rows, inside), Math.ceil(MOST_ROWS / refits)) })
  }
  return { parts, rows: parts.reduce((sum, part) => sum + part.rows.keys.length, 0), refits }
}

/** At most so many rows, spread over all. */
function spread(rows: Frame, most: number): Frame {
  const all = rows.keys.length
  if (all <= most) return rows
  return takeRows(
    rows,
    Int32Array.from({ length: most }, (_, i) => Math.floor((i * all) / most)),
  )
}
