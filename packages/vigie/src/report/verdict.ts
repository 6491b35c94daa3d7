import type { MonitorReport, ReportedPerformance } from './model.ts'
import { count, fixed, plural } from './numbers.ts'
import { isFailing, metricTitle, performanceReading } from './performance-reading.ts'
import { sentence } from './sentence.ts'
import type { Status } from './status.ts'

/** The report in one sentence without terms of art, and the numbers behind it. */
export interface Verdict {
  readonly status: Status
  readonly word: string
  readonly title: string
  readonly text: string
}

/** What matters most comes first: a model that fails, then inputs that moved, then inputs that nobody could judge. */
export function verdict({ drift, performance, unmeasured, retrain, reference }: MonitorReport): Verdict {
  const drifted = drift.features.filter((feature) => feature.drifted).length
  const judged = drift.features.length
  const unread = drift.notTestable.length
  const since = reference.asOf
  const model = performance ? performanceSentence(performance) : noPerformance(unmeasured)
  const reading = performance && performanceReading(performance)
  if (reading !== null && isFailing(reading)) {
    const title =
      reading === 'worse'
        ? 'The model is worse than when it became champion.'
        : 'The model has stopped working: it no longer tells the two outcomes apart.'
    return {
      status: 'act',
      word: 'Act',
      title,
      text: paragraph(model, movedSentence(drifted, judged, since), unreadSentence(unread)),
    }
  }
  if (retrain.reason === 'champion_unreadable') {
    return {
      status: 'act',
      word: 'Act',
      title: 'The model can no longer answer.',
      text: paragraph(sentence(retrain.text), movedSentence(drifted, judged, since), unreadSentence(unread)),
    }
  }
  if (judged === 0) {
    return { status: 'none', word: 'No reading', title: 'None of the inputs could be judged.', text: model }
  }
  if (drifted > 0) {
    const title = movedSentence(drifted, judged, since)
    return { status: 'watch', word: 'Watch', title, text: paragraph(model, unreadSentence(unread)) }
  }
  if (unread > 0) {
    const title = `${unreadSentence(unread).slice(0, -1)}; the others look as before.`
    return { status: 'watch', word: 'Watch', title, text: model }
  }
  return { status: 'ok', word: 'Well', title: `The inputs look as they did on ${since}.`, text: model }
}

function noPerformance(unmeasured: string | null): string {
  return `Whether the answers of the model suffer cannot be said: ${unmeasured}.`
}

function movedSentence(drifted: number, judged: number, since: string): string {
  if (judged === 0) return ''
  if (drifted === 0) return `The inputs look as they did on ${since}.`
  if (drifted === judged) return `No input looks as it did on ${since}.`
  const [verb, pronoun] = drifted === 1 ? ['looks', 'it'] : ['look', 'they']
  return `${count(drifted)} of ${plural(judged, 'input')} no longer ${verb} as ${pronoun} did on ${since}.`
}

function unreadSentence(unread: number): string {
  return unread === 0 ? '' : `${plural(unread, 'input')} could not be judged.`
}

function performanceSentence({ metric, now, was, rows, version }: ReportedPerformance): string {
  const chance = metric === 'auc' ? ', where 0.5 is a coin toss' : ''
  const before = was === null ? 'What it was before is not recorded.' : `It was ${fixed(was)} when it became champion.`
  return `Version ${version} has ${metricTitle(metric)} ${fixed(now.value)} [${fixed(now.low)}, ${fixed(now.high)}] on ${plural(rows, 'row')} that it was not trained on${chance}. ${before}`
}

function paragraph(...sentences: readonly string[]): string {
  return sentences.filter((sentence) => sentence !== '').join(' ')
}
