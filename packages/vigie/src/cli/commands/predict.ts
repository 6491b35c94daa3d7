import type { Command } from 'commander'
import { type AsOf, moment } from '../../domain/as-of.ts'
import { isHeldOut } from '../../domain/holdout.ts'
import { lastMicrosOf } from '../../domain/point-in-time.ts'
import { VigieError } from '../../errors.ts'
import { answerNow, answerThen, type Counterfactual, momentText, type When } from '../../loop/counterfactual.ts'
import { type Prediction, readableValues, type ScoringModel } from '../../loop/predict.ts'
import { type VersionReader, versionReader } from '../../loop/version-reader.ts'
import { does } from '../command.ts'
import type { House } from '../house.ts'
import { printable } from '../marks.ts'
import { AS_OF, versionNumber } from './options.ts'

export function predict(program: Command): void {
  const command = program
    .command('predict')
    .description('what any version would have said of a key then, from what was known then')
    .requiredOption('--key <key>', 'for example a user id')
    .option('--model <version>', 'version of the model, as 2 or v2; default: the champion')
    .addOption(AS_OF())
    .option('--known-at <time>', 'read what had been delivered by then; default: what a training row of the as_of sees')
    .addHelpText(
      'after',
      `
Both times also take an instant. Without --as-of the online values of now are read.
A first delivery counts as known from its date on; --known-at asks when it really came.
With both as the time of a request the answer has the same bits as the server gave.
  vigie predict --key 7590-VHVEG --model v12 --as-of 2024-02-29
  vigie predict --key 7590-VHVEG --model v12 --as-of 2024-02-29 --known-at 2024-06-30T12:00:00Z
                    the same, with the corrections that came until then`,
    )
  does(command, async ({ output, house }, _args, options) => {
    const when = timeOf(options)
    const { ports, project } = await house()
    const reader = await versionReader(ports, project, await asked({ ports, project }, options.model))
    const key = String(options.key)
    const found =
      when === null
        ? answerNow(ports, project, { reader, key })
        : await answerThen(ports, project, { reader, key, when })
    const answer = {
      [project.entity.key]: key,
      model: project.model.name,
      version: reader.version.version,
      ...found.prediction,
      threshold: reader.model.threshold,
      ...described(reader, key, when),
      ...readable(found),
    }
    output.result(answer, () => [
      `${output.pen.mark('ok')} ${output.pen.bold(printable(key))}  v${answer.version} ${whenText(answer)}`,
      `  ${answerText(found.prediction, reader.model)}`,
      ...featureLines(found),
      ...remarks(answer),
    ])
    return 0
  })
}

async function asked({ ports, project }: Pick<House, 'ports' | 'project'>, text: unknown): Promise<number> {
  if (typeof text === 'string') return versionNumber(text, project)
  const champion = await ports.registry.champion(project.model.name)
  if (champion) return champion.version
  throw new VigieError('no_champion', `${project.model.name} has no champion yet`)
}

function timeOf({ asOf, knownAt }: Readonly<Record<string, unknown>>): When | null {
  if (typeof asOf === 'string') {
    return { at: moment(asOf), knownAt: typeof knownAt === 'string' ? endOf(moment(knownAt)) : null }
  }
  if (knownAt === undefined) return null
  throw new VigieError('wrong_use', '--known-at is given without --as-of', {
    rule: 'since when values are known is asked of values of a time',
    value: String(knownAt),
  })
}

/** What was delivered through a date is known at its midnight. */
const endOf = (at: AsOf | number): number => (typeof at === 'number' ? at : lastMicrosOf(at) + 1)

function described({ version }: VersionReader, key: string, when: When | null) {
  return {
    asOf: when && momentText(when.at),
    knownAt: when === null || when.knownAt === null ? null : momentText(when.knownAt),
    trainedAsOf: version.trainedAsOf,
    /** Whether the version, and every other of its holdout, was kept from this key. Null: nobody kept what it was trained on. */
    heldOut: version.trainingSet && isHeldOut(key, version.trainingSet.holdout.fraction),
  }
}

function readable({ columns, features, knownTimes }: Counterfactual) {
  const by = <T>(value: (i: number) => T) => Object.fromEntries(columns.map(({ feature }, i) => [feature, value(i)]))
  return {
    features: readableValues(columns, features.values),
    statuses: by((i) => features.statuses[i]!),
    eventTimes: by((i) => timeText(features.eventTimes[i]!)),
    knownTimes: knownTimes && by((i) => timeText(knownTimes[i]!)),
  }
}

const timeText = (micros: number): string | null => (Number.isNaN(micros) ? null : momentText(micros))

type Described = ReturnType<typeof described>

function whenText({ asOf, knownAt }: Described): string {
  if (asOf === null) return 'now, from the online store'
  return `at ${asOf}, as known ${knownAt === null ? 'then' : `at ${knownAt}`}`
}

function answerText(prediction: Prediction, { threshold }: ScoringModel): string {
  if ('probability' in prediction) {
    const { predicted, probability } = prediction
    return `class ${predicted}, probability ${probability} (above ${threshold} is class 1)`
  }
  if (!('probabilities' in prediction)) return String(prediction.predicted)
  const each = Object.entries(prediction.probabilities).map(([name, p]) => `${printable(name)} ${p}`)
  return `${printable(prediction.predicted)}, of ${each.join(', ')}`
}

function featureLines({ columns, features, knownTimes }: Counterfactual): readonly string[] {
  const values = readableValues(columns, features.values)
  const width = Math.min(32, Math.max(...columns.map(({ feature }) => feature.length)))
  return columns.map(({ feature }, i) => {
    const status = features.statuses[i]!
    const value = status === 'PRESENT' ? printable(String(values[feature])) : status
    const since = timeText(features.eventTimes[i]!)?.slice(0, 10) ?? ''
    const known = knownTimes && timeText(knownTimes[i]!)
    return `  ${feature.padEnd(width)} ${value.padEnd(18)} ${since}${known ? `  known ${known.slice(0, 10)}` : ''}`.trimEnd()
  })
}

/** What a reader should know before making much of the answer. */
function remarks({ asOf, trainedAsOf, heldOut }: Described): readonly string[] {
  if (asOf === null || asOf.slice(0, 10) > trainedAsOf) return []
  return heldOut === false
    ? [`  trained on rows of ${trainedAsOf}, perhaps on this one`]
    : [`  trained on rows of ${trainedAsOf}, which had not come by then`]
}
