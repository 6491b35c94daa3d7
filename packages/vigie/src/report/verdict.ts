import type { MonitorReport, ReportedPerformance } from './model.ts'
import { count, fixed, plural } from './numbers.ts'
import { metricTitle, performanceReading } from './performance-reading.ts'
import type { Status } from './status.ts'

/** The report in one sentence without terms of art, and the numbers behind it. */
export interface Verdict {
  readonly status: Status
  readonly word: string
  readonly title: string
  readonly text: string
}

/** What matters most comes first: a model that fails, then inputs that moved, then inputs that nobody could judge. */
export function verdict(report: MonitorReport): Verdict {
  const { drift, performance, reference } = report
  const drifted = drift.features.filter((feature) => feature.drifted).length
  const judged = drift.features.length
  const reading = performance && performanceReading(performance)
  const inputs = inputsSentence(drifted, judged, drift.notTestable.length, reference.asOf)
  if (reading === 'no better than chance') {
    return {
      status: 'act',
      word: 'Act',
      title: 'The model has stopped working: it no longer tells the two outcomes apart.',
      text: `${performanceSentence(performance!)} ${inputs}`,
    }
  }
  if (reading === 'worse') {
    return {
      status: 'act',
      word: 'Act',
      title: 'The model is worse than when it became champion.',
      text: `${performanceSentence(performance!)} ${inputs}`,
    }
  }
  const model = performance
    ? performanceSentence(performance)
    : 'No outcome that is newer than the model is known, so whether its answers suffer cannot be said.'
  if (judged === 0) {
    return { status: 'none', word: 'No reading', title: 'None of the inputs could be judged.', text: model }
  }
  if (drifted > 0) {
    return {
      status: 'watch',
      word: 'Watch',
      title: movedTitle(drifted, judged, reference.asOf),
      text: `${inputs} ${model}`,
    }
  }
  if (drift.notTestable.length > 0) {
    const title = `${plural(drift.notTestable.length, 'input')} could not be judged; the others look as before.`
    return { status: 'watch', word: 'Watch', title, text: `${inputs} ${model}` }
  }
  return {
    status: 'ok',
    word: 'Nothing to do',
    title: `The inputs look as they did on ${reference.asOf}.`,
    text: model,
  }
}

function movedTitle(drifted: number, judged: number, asOf: string): string {
  if (drifted === judged) return `No input looks as it did on ${asOf}.`
  return `${plural(drifted, 'input')} of ${count(judged)} no longer ${drifted === 1 ? 'looks' : 'look'} as on ${asOf}.`
}

function inputsSentence(drifted: number, judged: number, notTestable: number, asOf: string): string {
  const moved =
    drifted === 0
      ? `None of the ${count(judged)} inputs that could be judged has drifted since ${asOf}.`
      : `${count(drifted)} of ${plural(judged, 'input')} ${drifted === 1 ? 'has' : 'have'} drifted since ${asOf}.`
  return notTestable === 0 ? moved : `${moved} ${plural(notTestable, 'input')} could not be judged.`
}

function performanceSentence({ metric, now, was, rows, version }: ReportedPerformance): string {
  const chance = metric === 'auc' ? ', where 0.5 is a coin toss' : ''
  const before = was === null ? 'What it was before is not recorded.' : `It was ${fixed(was)} when it became champion.`
  return `Version ${version} has ${metricTitle(metric)} ${fixed(now.value)} on ${plural(rows, 'row')} that it was not trained on${chance}. ${before}`
}
