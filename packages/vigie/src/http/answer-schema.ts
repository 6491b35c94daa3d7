import { z } from 'zod'
import type { Label } from '../define/label.ts'
import { labelTarget } from '../define/label.ts'

/** What an answer says of the label, by the kind of label: the fields of `Prediction`. */
export function answerSchema(label: Label) {
  const share = z.number().min(0).max(1)
  const target = labelTarget(label)
  if (target.kind === 'number') return { prediction: z.number() }
  if (label.type.type === 'boolean') {
    return {
      prediction: z.union([z.literal(0), z.literal(1)]),
      probability: share.meta({ description: 'Of class 1.' }),
    }
  }
  return {
    prediction: z.enum(target.classes).meta({ description: 'The predicted class.' }),
    probabilities: z
      .strictObject(Object.fromEntries(target.classes.map((name) => [name, share])))
      .meta({ description: 'Of each class; they add up to 1.' }),
  }
}

/** What a model answers: `Target`. */
export const TargetSchema = z.union([
  z.strictObject({ kind: z.literal('binary'), classes: z.array(z.string()).length(2) }),
  z.strictObject({ kind: z.literal('classes'), classes: z.array(z.string()).min(3) }),
  z.strictObject({ kind: z.literal('number') }),
])
