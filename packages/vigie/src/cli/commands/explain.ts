import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Command } from 'commander'
import { asOf, moment } from '../../domain/as-of.ts'
import { VigieError } from '../../errors.ts'
import { answerNow, answerThen, momentText } from '../../loop/counterfactual.ts'
import { explainRow } from '../../loop/explain-row.ts'
import { versionReader } from '../../loop/version-reader.ts'
import { type Context, does } from '../command.ts'
import { modelLines, rowLines } from '../explanation-lines.ts'
import { asciiOnly, printable } from '../marks.ts'
import { AS_OF, versionNumber } from './options.ts'
import { requireNew, writeNew } from './write-new.ts'

type Options = Readonly<Record<string, string | boolean | undefined>>

export function explain(program: Command): void {
  const command = program
    .command('explain')
    .argument('<version>', 'version of the model, as 2 or v2')
    .description('what the features of a version do: to all its answers, or to that for one key')
    .addOption(AS_OF())
    .option('--key <key>', 'explain the answer for this key')
    .option('--html <file>', 'also write the table as a page')
    .option('--repetitions <n>', 'how often each feature is shuffled, 2 to 100', '5')
    .addHelpText(
      'after',
      `
Features are told by what is lost without them, by the gain of their splits and by the
mean size of what they contribute. The rows are those that the version was trained on,
or with --as-of those of another date: never the held-out ones, so this is no look at
them. What is lost is judged by models that had not seen the rows.
Contributions (Shapley values) and their base, the mean over the training rows, add up
to the score of the row.
  vigie explain v3
  vigie explain v3 --key 7590-VHVEG                       now, from the online store
  vigie explain v3 --key 7590-VHVEG --as-of 2024-02-29    from what was known then`,
    )
  does(command, async (context, [text = ''], options) => {
    const version = versionNumber(text, await context.project())
    await (typeof options.key === 'string'
      ? explainKey(context, version, options.key, options)
      : explainVersion(context, version, options))
    return 0
  })
}

async function explainVersion({ output, house }: Context, version: number, options: Options): Promise<void> {
  const repetitions = Number(options.repetitions)
  if (!(Number.isSafeInteger(repetitions) && repetitions >= 2 && repetitions <= 100)) {
    throw new VigieError('wrong_use', `"${options.repetitions}" is no number of repetitions`, {
      rule: '--repetitions is a whole number from 2 to 100',
      value: String(options.repetitions),
    })
  }
  await requireNew(options.html)
  const { ports, project } = await house()
  const { explanationOf } = await import('../../loop/explain.ts')
  const date = typeof options.asOf === 'string' ? asOf(options.asOf) : null
  const explanation = await explanationOf(ports, project, version, { asOf: date, repetitions }, (share) =>
    output.progress(`explain ${Math.round(share * 100)} %`),
  )
  if (typeof options.html === 'string') {
    const { renderExplanation } = await import('../../report/explanation/render.ts')
    await writeNew(renderExplanation(explanation), options.html)
  }
  output.result(explanation, () => [
    ...modelLines(explanation, asciiOnly({ ascii: options.ascii === true })),
    ...(typeof options.html === 'string' ? [`  written   ${options.html}`] : []),
  ])
}

async function explainKey({ output, house }: Context, version: number, key: string, options: Options): Promise<void> {
  if (options.html !== undefined) {
    throw new VigieError('wrong_use', '--html is given with --key', {
      rule: 'a page is written of a version, not of one answer',
      value: String(options.html),
    })
  }
  const at = typeof options.asOf === 'string' ? moment(options.asOf) : null
  const { ports, project } = await house()
  const reader = await versionReader(ports, project, version)
  const found =
    at === null
      ? await answerNow(ports, project, { reader, key })
      : await answerThen(ports, project, { reader, key, when: { at, knownAt: null } })
  const { columns, features, prediction } = found
  const row = reader.reading.translate(features.values)
  const explanation = await explainRow(reader.model.model, row, { columns, shown: features.values }, nextTurn)
  const answer = {
    [project.entity.key]: key,
    model: project.model.name,
    version,
    asOf: at && momentText(at),
    prediction,
    explanation,
  }
  const shown = 'probability' in prediction ? `, probability ${prediction.probability}` : ''
  output.result(answer, () => [
    `${output.pen.mark('ok')} ${output.pen.bold(printable(key))}  v${version} ${at === null ? 'now, from the online store' : `at ${momentText(at)}, as known then`}`,
    `  ${'probability' in prediction ? 'class ' : ''}${printable(String(prediction.predicted))}${shown}`,
    ...rowLines(explanation, asciiOnly({ ascii: options.ascii === true })),
  ])
}
