import { parametersOf } from '../domain/legal-trainer.ts'
import type { PlainTrainer } from '../domain/trainer.ts'
import type { Choice } from '../domain/trainers/space.ts'
import type { Candidate } from '../domain/trainers/tuned.ts'
import { invalid } from './invalid.ts'

/** Refuses a space that names no parameter, or with a value that its trainer may not have. */
export function checkSpace({ trainer, space }: Candidate, checkDrawn: (drawn: PlainTrainer) => void): void {
  const names = parametersOf(trainer.kind)
  for (const [name, choice] of Object.entries(space)) {
    if (!names.includes(name)) {
      invalid(`a space names parameters of its trainer: ${names.join(', ')}`, `${trainer.kind} has no "${name}"`, name)
    }
    for (const value of extremes(trainer.kind, name, choice)) checkDrawn({ ...trainer, [name]: value } as PlainTrainer)
  }
}

/** Values between which, or of which, all are. */
function extremes(kind: string, name: string, choice: Choice): readonly unknown[] {
  const place = `the space of ${kind}.${name}`
  if (choice.kind === 'oneOf') {
    if (choice.values.length === 0) invalid('oneOf() has a value at least', `${place} is oneOf()`, name)
    return choice.values
  }
  const { low, high, scale } = choice
  if (!(low < high)) invalid('a range rises', `${place} is from ${low} to ${high}`, String(low))
  if (scale === 'log' && low <= 0) {
    invalid('a log range is above 0', `${place} begins at ${low}`, String(low))
  }
  if (choice.kind === 'wholeBetween' && !(Number.isSafeInteger(low) && Number.isSafeInteger(high))) {
    invalid('wholeBetween() lies between whole numbers', `${place} is from ${low} to ${high}`, String(low))
  }
  return [low, high]
}
