import type { Frame } from '../../domain/frame.ts'
import type { Linear } from '../../domain/linear/linear.ts'
import type { Target } from '../../domain/model/target.ts'
import type { PlainTrainer } from '../../domain/trainer.ts'
import type { Forest } from '../../domain/trees/packed.ts'
import { binColumns } from './bin-columns.ts'
import { fitBoosting } from './fit-boosting.ts'
import { fitForest } from './fit-forest.ts'
import type { Pool } from './pool.ts'
import type { tasks } from './tasks.ts'

/** Rows to fit on, in memory that threads share; columns that only trees read need not be. */
export interface SharedRows extends Frame {
  readonly label: Float64Array
  readonly weight: Float64Array | null
}

/** What computes a model's answers, before it is put together: trees are grown in pieces. */
export type FittedBody =
  | { readonly kind: 'forest'; readonly parts: readonly Forest[] }
  | { readonly kind: 'linear'; readonly linear: Linear }

/** Fits one model to all rows with all threads of the pool. */
export async function fitBody(
  pool: Pool<typeof tasks>,
  trainer: PlainTrainer,
  rows: SharedRows,
  target: Target,
  onProgress?: (share: number) => void,
): Promise<FittedBody> {
  const { spec, columns, label, weight } = rows
  if (trainer.kind === 'logisticRegression' || trainer.kind === 'linearRegression') {
    const linear = await pool.run(
      'fitLinear',
      { trainer, rows: { features: spec, columns, label, weight }, target },
      { onProgress },
    )
    return { kind: 'linear', linear }
  }
  const { classWeight } = trainer
  const bins = await binColumns(pool, spec, columns, label.length, { kernel: trainer.kind === 'gradientBoosting' })
  const set = await pool.run('trainingSet', { bins, target, label, weight, classWeight })
  const parts =
    trainer.kind === 'randomForest'
      ? await fitForest(pool, set, trainer, onProgress)
      : [await fitBoosting(pool, set, trainer, rows, onProgress)]
  return { kind: 'forest', parts }
}

/** Buffers of a body that can be handed to the thread that takes it next. */
export function buffersOf(body: FittedBody): readonly ArrayBuffer[] {
  const arrays =
    body.kind === 'linear'
      ? [body.linear.center, body.linear.scale, body.linear.coefficients]
      : body.parts.flatMap(({ words, leaves, covers }) => [words, leaves, ...(covers ? [covers] : [])])
  const buffers = new Set(arrays.map(({ buffer }) => buffer))
  return [...buffers].filter((buffer) => buffer instanceof ArrayBuffer)
}
