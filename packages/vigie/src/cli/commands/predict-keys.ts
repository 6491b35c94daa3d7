import { open } from 'node:fs/promises'
import { textCell } from '../../domain/frame-csv.ts'
import { classNames } from '../../domain/model/target.ts'
import { VigieError } from '../../errors.ts'
import type { When } from '../../loop/counterfactual.ts'
import { type AnsweredKey, answersThen } from '../../loop/counterfactual-rows.ts'
import type { VersionReader } from '../../loop/version-reader.ts'
import type { House } from '../house.ts'
import { writeNew } from './write-new.ts'

/** What came of the keys of a file. */
export interface AnsweredKeys {
  readonly keys: number
  readonly answered: number
  readonly unknown: number
  readonly incomplete: number
  readonly out: string
}

/** Answers for each key of a file, one a line, as CSV with one row a key in their order. */
export async function predictKeys(
  { ports, project }: Pick<House, 'ports' | 'project'>,
  {
    reader,
    when,
    file,
    out,
  }: { readonly reader: VersionReader; readonly when: When; readonly file: string; readonly out: string },
): Promise<AnsweredKeys> {
  const counts = { keys: 0, answered: 0, unknown: 0, incomplete: 0 }
  const { key } = project.entity
  const classes = classNames(reader.model.target)
  const header = [key, 'prediction', ...classes.map((name) => `probability_of_${name}`), 'refused']
  async function* lines() {
    yield csvLine(header)
    for await (const batch of answersThen(ports, { reader, when, keys: keysOf(file, key) })) {
      for (const answer of batch) {
        counts.keys++
        counts[answer.refusal === null ? 'answered' : answer.refusal === 'user_unknown' ? 'unknown' : 'incomplete']++
      }
      yield batch.map((answer) => csvLine(cells(answer, classes))).join('')
    }
  }
  const written = await writeNew(lines(), out)
  return { ...counts, out: written ?? out }
}

function cells({ key, prediction, refusal }: AnsweredKey, classes: readonly string[]): readonly string[] {
  if (prediction === null) return [key, '', ...classes.map(() => ''), refusal ?? '']
  const probabilities =
    'probabilities' in prediction
      ? classes.map((name) => String(prediction.probabilities[name]))
      : 'probability' in prediction
        ? [String(1 - prediction.probability), String(prediction.probability)]
        : []
  return [key, String(prediction.predicted), ...probabilities, '']
}

const csvLine = (texts: readonly string[]): string => `${texts.map(textCell).join(',')}\n`

/** A first line that is the name of the key is a header, and empty lines are none. */
async function* keysOf(file: string, name: string): AsyncGenerator<string> {
  let first = true
  try {
    const handle = await open(file)
    for await (const line of handle.readLines()) {
      if (line !== '' && !(first && line === name)) yield line
      first = false
    }
  } catch (cause) {
    const { code, syscall } = cause as NodeJS.ErrnoException
    if (syscall === undefined) throw cause
    throw new VigieError('wrong_use', `${file} cannot be read: ${code}`, {
      rule: '--keys names a text file with one key a line',
      value: file,
      cause,
    })
  }
}
