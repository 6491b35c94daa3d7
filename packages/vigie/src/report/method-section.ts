import { driftTests } from '../domain/drift/drift-tests.ts'
import { type Html, html } from './html.ts'
import type { MonitorReport } from './model.ts'
import { fixed, SIGNS } from './numbers.ts'
import { targetReading } from './target-reading.ts'

/** How the numbers were made, for whoever wants to check them. */
export function methodSection(report: MonitorReport): Html {
  const { drift, performance } = report
  return html`<section id="method" aria-labelledby="h-method"><h2 id="h-method">Method</h2>
${entry('Tests and limits', tests(report))}
${entry('Share of drift', shares(report))}
${entry(
  'Nulls',
  html`<p>Nulls are dropped before a test, so more or fewer of them is not drift of the values. How many there are stands beside each picture; null is never turned into a value. A column without any value on one side cannot be judged: it is listed and leaves the share.</p>`,
)}
${entry(
  'Pictures',
  html`<p>Both dates share one scale. Heights are shares of the rows that have a value; for labels, of all rows. An arrow on an axis says that the outer bar also holds everything beyond.</p>`,
)}
${performance ? entry('Performance', html`<p>The champion scores the held-out rows of the current date, with the labels of that date. Rows without a value that the definition asks for are left out: nobody gets a prediction for them. The interval is two-sided, 95 %. Worse means that the whole interval lies on the worse side of what the version had when it became champion.</p>`) : null}
${drift.targetDrift ? entry('Target drift', html`<p>${targetReading(drift.targetDrift).measure}: ${fixed(drift.targetDrift.difference, 4)}.</p>`) : null}</section>`
}

function entry(title: string, body: Html): Html {
  return html`<details><summary>${title}</summary><div>${body}</div></details>`
}

function tests({ drift }: MonitorReport): Html {
  const judged = [...drift.features, ...(drift.label ? [drift.label] : [])]
  const used = [...new Set(judged.map(({ test }) => test))]
  return html`<p>The test is chosen as Evidently 0.7 chooses it: by type, by the rows of the reference that have a value, and by the number of distinct values.</p>${used.map(
    (test) => {
      const { title, says, driftedWhen, threshold } = driftTests[test]
      return html`<p>${title}: ${says} Drifted when ${SIGNS[driftedWhen]} ${threshold}.</p>`
    },
  )}`
}

function shares({ drift }: MonitorReport): Html {
  const drifted = drift.features.filter((feature) => feature.drifted).length
  const judged = drift.features.length
  const own =
    drift.share === null
      ? html`<p>No input could be judged, so there is no share.</p>`
      : html`<p>Drifted inputs of the model / inputs that could be judged: ${drifted} of ${judged} = ${fixed(drift.share, 4)}.</p>`
  const other =
    drift.referenceShare === null || drift.label === null
      ? null
      : html`<p>Evidently's report also counts the label, and the key as a text column: ${drifted + Number(drift.label.drifted)} of ${judged + 2} = ${fixed(drift.referenceShare, 4)}. It stands here for comparison and decides nothing.</p>`
  return html`${own}${other}`
}
