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
import { count } from '../output.ts'
import { AS_OF, versionNumber } from './options.ts'

export function predict(program: Command): void {
  const command = program
    .command('predict')
    .description('what any version would have said of a key then, from what was known then')
    .option('--key <key>', 'for example a user id')
    .option('--keys <file>', 'many keys, one a line, at an --as-of; needs --out')
    .option('--out <file>', 'where the answers for --keys are written, as CSV')
    .option('--model <version>', 'version of the model, as 2 or v2; default: the champion')
    .addOption(AS_OF())
    .option('--known-at <time>', 'read what had been delivered by then; default: what a training row of the as_of sees')
    .addHelpText(
      'after',
      `
Both times also take an instant. Without --as-of the online values of now count.
A first delivery counts as known from its date on; --known-at asks when it came.
With both as the time of a request the answer has the bits that a server gave.
  vigie predict --key 7590-VHVEG --model v12 --as-of 2024-02-29
  vigie predict --keys users.txt --model v12 --as-of 2024-02-29 --out then.csv
  vigie predict --key 7590-VHVEG --as-of 2024-02-29 --known-at 2024-06-30
                    the same, with the corrections that came until then`,
    )
  does(command, async ({ output, house }, _args, options) => {
    const when = timeOf(options)
    const of = askedAbout(options, when)
    const { ports, project } = await house()
    const reader = await versionReader(ports, project, await asked({ ports, project }, options.model))
    if ('file' in of) {
      const { predictKeys } = await import('./predict-keys.ts')
      const answered = await predictKeys({ ports, project }, { reader, ...of })
      const { version } = reader.version
      output.result({ version, ...described(reader, null, of.when), ...answered }, () => [
        `${output.pen.mark(answered.answered > 0 ? 'ok' : 'act')} v${version} ${whenText(described(reader, null, of.when))}`,
        `  ${count(answered.answered)} answers for ${count(answered.keys)} keys: ${count(answered.unknown)} unknown, ${count(answered.incomplete)} without values`,
        `  ${answered.out}`,
        ...(answered.answered > 0 ? [] : ['  No key of the file has an answer: it has one key a line.']),
      ])
      return answered.answered > 0 ? 0 : 3
    }
    const { key } = of
    const found =
      when === null
        ? await answerNow(ports, project, { reader, key })
        : await answerThen(ports, project, { reader, key, when })
    const answer = {
      [project.entity.key]: key,
      model: project.model.name,
      version: reader.version.version,
      ...answerOf(found.prediction),
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

/** One key, or a file of them with a place for the answers. */
function askedAbout(
  { key, keys, out }: Readonly<Record<string, unknown>>,
  when: When | null,
): { readonly key: string } | { readonly file: string; readonly out: string; readonly when: When } {
  if (typeof key === 'string' && keys === undefined) return { key }
  if (typeof keys === 'string' && typeof out === 'string' && when !== null && key === undefined) {
    return { file: keys, out, when }
  }
  throw new VigieError('wrong_use', 'nobody is asked about', {
    rule: '--key names one key; --keys names a file of them, with --as-of and --out',
    value: String(key ?? keys ?? ''),
  })
}

/** Under the names that POST /predict has. */
function answerOf({ predicted, ...probabilities }: Prediction) {
  return { prediction: predicted, ...probabilities }
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

function described({ version }: VersionReader, key: string | null, when: When | null) {
  return {
    asOf: when && momentText(when.at),
    knownAt: when === null || when.knownAt === null ? null : momentText(when.knownAt),
    trainedAsOf: version.trainedAsOf,
    /** Whether the version, and every other of its holdout, was kept from this key. Null: nobody kept what it was trained on. */
    heldOut: key === null ? null : version.trainingSet && isHeldOut(key, version.trainingSet.holdout.fraction),
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
