import { byCloseness } from './closeness.ts'
import { columnSays } from './column-text.ts'
import { type Html, html, name } from './html.ts'
import type { MonitorReport } from './model.ts'
import { score } from './numbers.ts'
import { sentence } from './sentence.ts'

/** One thing to do, why, and who does it. */
export interface Action {
  readonly what: Html
  readonly why: Html | string
  readonly who: string
}

/** What the report asks for, most urgent first: unreadable inputs, training, inputs that moved. */
export function actions({ drift, retrain }: MonitorReport): readonly Action[] {
  return [
    ...drift.notTestable.map(
      (column): Action => ({
        what: html`Find out why ${name(column.name)} cannot be judged.`,
        why: `${sentence(column.why)} It counts neither as drifted nor as stayed.`,
        who: 'data supplier',
      }),
    ),
    ...(retrain.triggered
      ? [
          {
            what: html`Train a challenger and compare it with the champion.`,
            why: sentence(retrain.text),
            who: 'the loop does this by itself',
          },
        ]
      : []),
    ...drift.features
      .filter((feature) => feature.drifted)
      .sort(byCloseness)
      .map(
        (feature): Action => ({
          what: html`Look at ${name(feature.name)}.`,
          why: html`Its score is ${score(feature.score)}, the limit ${feature.threshold}. ${columnSays(feature)}`,
          who: 'owner of the feature',
        }),
      ),
  ]
}
