import type { ColumnDrift, NotTestable } from '../domain/drift/report.ts'
import type { RetrainDecision } from '../domain/retrain.ts'
import { catalogue } from '../errors.ts'
import { byCloseness } from './closeness.ts'
import { columnSays } from './column-text.ts'
import { type Html, html, name } from './html.ts'
import type { MonitorReport } from './model.ts'
import { score } from './numbers.ts'
import { isFailing, performanceReading } from './performance-reading.ts'
import { sentence } from './sentence.ts'

/** One thing to do, why, and who does it. */
export interface Action {
  readonly what: Html
  readonly why: Html | string
  readonly who: string
}

/** What the report asks for, most urgent first: unreadable inputs, the model, inputs that moved. */
export function actions(report: MonitorReport): readonly Action[] {
  const { features, notTestable } = report.drift
  return [...notTestable.map(unreadable), ...model(report), ...features.filter(isDrifted).sort(byCloseness).map(moved)]
}

function unreadable({ name: column, code, why }: NotTestable): Action {
  const { hint, who } = catalogue[code]
  return { what: html`${name(column)} cannot be judged.`, why: `${sentence(why)} ${hint}`, who }
}

function model({ retrain, performance }: MonitorReport): readonly Action[] {
  if (retrain.triggered) {
    return [{ what: toTrain(retrain.reason), why: sentence(retrain.text), who: 'the loop does this by itself' }]
  }
  if (performance === null || !isFailing(performanceReading(performance))) return []
  const why = `Its metric fell, and no rule asks for a challenger. ${sentence(retrain.text)}`
  return [{ what: html`Decide what to do about the model.`, why, who: 'owner of the definition' }]
}

function toTrain(reason: RetrainDecision['reason']): Html {
  switch (reason) {
    case 'first_model':
      return html`Train a first model.`
    case 'champion_unreadable':
      return html`Train a successor, which is judged as a first model.`
    default:
      return html`Train a challenger and compare it with the champion.`
  }
}

function moved(feature: ColumnDrift): Action {
  const why = html`Its score is ${score(feature.score)}, the limit ${feature.threshold}. ${columnSays(feature)}`
  return { what: html`Look at ${name(feature.name)}.`, why, who: 'owner of the feature' }
}

function isDrifted({ drifted }: ColumnDrift): boolean {
  return drifted
}
