import type { ColumnDrift } from '../domain/drift/report.ts'
import { type Html, html } from './html.ts'
import { percent, plural, quantity } from './numbers.ts'

/** What moved in a column, in a sentence or two of plain numbers. */
export function columnSays(column: ColumnDrift): Html {
  return html`${valuesSay(column)}${nullsSay(column)}`
}

function valuesSay({ picture, reference, current }: ColumnDrift): Html {
  if (reference.numbers && current.numbers) {
    return html`${meanSays(reference.numbers.mean, current.numbers.mean)}`
  }
  if (picture.kind !== 'labels') return html``
  const change = (i: number) => picture.current[i]! - picture.reference[i]!
  const moved = picture.labels.map((_, i) => i).sort((a, b) => Math.abs(change(b)) - Math.abs(change(a)))[0]!
  const news = picture.added === 0 ? null : html` ${plural(picture.added, 'value')} not seen in the reference.`
  if (change(moved) === 0) return html`Shares as in the reference.`
  return html`<bdi class="mono">${picture.labels[moved]!}</bdi> ${percent(picture.reference[moved]!)} to ${percent(picture.current[moved]!)}.${news}`
}

function meanSays(before: number, now: number): string {
  if (now === before) return `The mean stays at ${quantity(now)}.`
  const direction = now > before ? 'Higher' : 'Lower'
  const [from, to] = [quantity(before), quantity(now)]
  if (from !== to) return `${direction} on average: ${from} to ${to}.`
  return `${direction} on average by ${quantity(Math.abs(now - before))}.`
}

/** Says nothing when both sides are complete. */
export function nullsSay({ reference, current }: ColumnDrift): string {
  if (reference.nulls === 0 && current.nulls === 0) return ''
  const before = percent(reference.nulls / reference.rows)
  const now = percent(current.nulls / current.rows)
  return before === now ? ` ${now} null in both.` : ` Null ${before} to ${now}.`
}
