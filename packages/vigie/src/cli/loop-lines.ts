import type { Reason } from '../domain/promotion/decision.ts'
import type { LoopEvent, StageResults } from '../loop/events.ts'
import { type Pen, printable, type State } from './marks.ts'
import { count, score, signed } from './output.ts'
import { COLUMNS, wrap } from './wrap.ts'

/** What one finished stage says: its state, what happened in a few words, and lines below it. */
interface Said {
  readonly state: State
  readonly text: string
  readonly below?: readonly string[]
}

const SAY: { readonly [S in keyof StageResults]: (result: StageResults[S]) => Said } = {
  ingest: (result) => {
    if ('rejected' in result) {
      const { code, message, hint, held, report } = result.rejected
      const below = [printable(message), ...(report === null ? [] : [`report: ${report}`]), `Next: ${hint}`]
      return { state: held ? 'watch' : 'act', text: `${held ? 'held' : 'rejected'}: ${code}`, below }
    }
    return { state: 'ok', text: result.already ? 'nothing new' : `${count(result.rows)} users, 0 rejected` }
  },
  materialize: ({ entities }) => ({ state: 'ok', text: `${count(entities)} users online` }),
  monitor: saidByMonitor,
  train: (result) => {
    if ('held' in result)
      return { state: 'act', text: 'no challenger', below: [result.held.text, ...toChange(result.held)] }
    const { version, rows } = result
    return { state: 'ok', text: [`v${version}, ${count(rows)} rows`, ...leftOut(result)].join(', ') }
  },
  evaluate: ({ evidence: { overlap, sample }, champion, challenger, comparison, ...left }) => ({
    state: comparison ? 'ok' : 'act',
    text: [
      `${count(sample.rows ?? 0)} rows`,
      ...(champion === null ? [] : [sharedWith(overlap.champion, `v${champion}`)]),
      sharedWith(overlap.challenger, `v${challenger}`),
      ...leftOut(left),
    ].join(', '),
  }),
  decide: saidByDecide,
  promote: (result) => {
    if (!('held' in result)) return { state: 'ok', text: `v${result.version} is champion` }
    const { held } = result
    return { state: 'act', text: 'held', below: [printable(held.text), ...toChange(held)] }
  },
}

/** Rows without a value that they need are no silent loss. */
function leftOut({
  incomplete,
  immature,
}: {
  readonly incomplete: number
  readonly immature: number
}): readonly string[] {
  return [
    ...(incomplete === 0 ? [] : [`${count(incomplete)} left out: no value for a feature that needs one`]),
    ...(immature === 0 ? [] : [`${count(immature)} left out: their labels came before the outcome was decided`]),
  ]
}

function toChange({ fix }: Reason): readonly string[] {
  return fix ? [`to change it: ${fix}`] : []
}

function saidByMonitor({ drift, performance, unmeasured, retrain }: StageResults['monitor']): Said {
  const state: State = !retrain.triggered ? 'ok' : retrain.triggers.includes('performance') ? 'act' : 'watch'
  const below: string[] = []
  if (performance) {
    const { metric, version, now, was } = performance
    const before = was === null ? '' : `, was ${score(was)}`
    below.push(`${metric} of v${version} ${score(now.value)} [${score(now.low)}, ${score(now.high)}]${before}`)
  } else if (unmeasured !== null && retrain.reason === 'none') {
    below.push(`no reading of the champion: ${unmeasured}`)
  }
  if (!drift) return { state, text: 'the first date: nothing to compare with', below: [...below, retrain.text] }
  const drifted = drift.features.filter((feature) => feature.drifted)
  const named = drifted.slice(0, 2).map((feature) => `${feature.name} ${score(feature.score, 4)}`)
  if (named.length > 0) below.push(`${named.join(', ')}${drifted.length > 2 ? ` and ${drifted.length - 2} more` : ''}`)
  if (drift.notTestable.length > 0) below.push(`no reading: ${drift.notTestable.map(({ name }) => name).join(', ')}`)
  const judged = drift.share === null ? 'no reading' : `share ${score(drift.share, 4)}`
  return {
    state,
    text: `${drifted.length} of ${drift.features.length} features drifted, ${judged}`,
    below: [...below, retrain.text],
  }
}

function sharedWith(overlap: { readonly rows: number } | null, who: string): string {
  return overlap === null ? `unknown to ${who}` : `${overlap.rows} shared with ${who}`
}

/** The decision, and the lines of the reference stack that its users search for. */
function saidByDecide({ outcome, reasons, comparison, minGain, asOf }: StageResults['decide']): Said {
  const decisive = reasons.filter(({ kind }) => kind === outcome || kind === 'warn')
  const below = decisive.flatMap((reason) => [reason.text, ...toChange(reason)])
  const state: State = outcome === 'promote' ? 'ok' : outcome === 'keep' ? 'watch' : 'act'
  if (!comparison) return { state, text: outcome, below }
  const { candidate, champion, gain } = comparison
  const candidateAuc = candidate.value.toFixed(4)
  const prodAuc = champion ? champion.value.toFixed(4) : 'None'
  const verdict = outcome === 'promote' ? 'promoted' : 'skipped'
  const gained = gain ? `: gain ${signed(gain.estimate)} [${signed(gain.low)}, ${signed(gain.high)}]` : ''
  return {
    state,
    text: `${outcome}${gained}`,
    below: [
      ...below,
      `[COMPARE] candidate_auc=${candidateAuc} vs prod_auc=${prodAuc} (delta=${minGain.toFixed(4)})`,
      `[DECISION] ${verdict}`,
      `[SUMMARY] as_of=${asOf} cand_v=${candidate.version} cand_auc=${candidateAuc} ` +
        `prod_v=${champion?.version ?? 'None'} prod_auc=${prodAuc} -> ${verdict}`,
    ],
  }
}

const TEXT_AT = 17
const TEXT_COLUMNS = 54

/** The lines of one finished stage: mark, name, text and seconds, and what belongs below them. */
export function stageLines(event: Extract<LoopEvent, { kind: 'done' }>, pen: Pen): readonly string[] {
  const say = SAY[event.stage] as (result: unknown) => Said
  const { state, text, below = [] } = say(event.result)
  const seconds = event.seconds === null ? '' : `${event.seconds.toFixed(1)} s`
  const [first = '', ...rest] = wrap(text, TEXT_COLUMNS)
  const head = `  ${pen.mark(state)} ${pen.bold(event.stage.padEnd(12))} ${first.padEnd(TEXT_COLUMNS)} ${seconds.padStart(6)}`
  return [head.trimEnd(), ...[...rest, ...below].flatMap(lineBelow)]
}

/** Indented, except for the lines of the reference stack, which are searched for from their beginning. */
function lineBelow(line: string): readonly string[] {
  if (line.startsWith('[')) return [line]
  return wrap(line, COLUMNS - TEXT_AT).map((part) => ' '.repeat(TEXT_AT) + part)
}

/** Which delivery comes next, and what is known of it. */
export function deliveryLines(project: string, asOf: string, folder: string, note: string | undefined, pen: Pen) {
  return [`  ${pen.bold(project)}  ${asOf}  ${folder}`, ...(note === undefined ? [] : lineBelow(note))]
}
