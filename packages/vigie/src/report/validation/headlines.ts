import { type Html, html } from '../html.ts'
import { count, plural } from '../numbers.ts'
import type { ValidationReport } from './model.ts'
import { bytesText } from './wording.ts'

/** The four numbers below the verdict. */
export function headlines({ files, snapshot }: ValidationReport): Html {
  const rows = files.map((file) => file.rows)
  const sum = (part: 'accepted' | 'quarantined' | 'total') => rows.reduce((all, each) => all + (each?.[part] ?? 0), 0)
  const unread = rows.filter((each) => each === null).length
  const broken = files.flatMap((file) => file.broken)
  const size = files.reduce((all, file) => all + (file.bytes ?? 0), 0)
  const accepted = files.filter((file) => file.broken.length === 0).length
  const tiles = [
    {
      title: 'Files without a broken rule',
      value: `${accepted} of ${files.length}`,
      sub: `${bytesText(size)} read`,
    },
    {
      title: 'Rows read',
      value: count(sum('total')),
      sub: unread === 0 ? `in ${plural(files.length, 'file')}` : `${plural(unread, 'refused file')} not counted`,
    },
    {
      title: 'Rows left out',
      value: count(sum('quarantined')),
      sub: `${count(sum('accepted'))} accepted + ${count(sum('quarantined'))} = ${count(sum('total'))}`,
    },
    {
      title: 'Broken rules',
      value: count(broken.length),
      sub: snapshot ? `snapshot of ${count(snapshot.rows)} entities` : 'nothing was stored',
    },
  ]
  const drawn = tiles.map(
    ({ title, value, sub }) => html`<dl><dt>${title}</dt><dd>${value}</dd><dd class="sub">${sub}</dd></dl>`,
  )
  return html`<div class="stats">${drawn}</div>`
}
