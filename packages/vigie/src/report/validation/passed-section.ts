import { type Html, html, name } from '../html.ts'
import type { ReportedFile, ValidationReport } from './model.ts'

/** The rules that nothing broke, and those that could not be asked: one fold a file. */
export function passedSection({ files }: ValidationReport): Html | null {
  const asked = files.filter((file) => file.asked.length > 0)
  if (asked.length === 0) return null
  return html`<section id="passed" aria-labelledby="h-passed"><h2 id="h-passed">What was asked and is well</h2>${asked.map(entry)}</section>`
}

function entry({ file, asked }: ReportedFile): Html {
  const passed = asked.filter(({ unasked }) => unasked === null)
  const others = asked.filter(({ unasked }) => unasked !== null)
  return html`<details><summary>${name(file)} <span class="soft">${passed.length} passed${others.length === 0 ? '' : `, ${others.length} not asked`}</span></summary><div>
${passed.map(({ rule }) => html`<p>${rule}</p>`)}
${others.map(({ rule, unasked }) => html`<p class="dim">${rule}: not asked, ${unasked}</p>`)}</div></details>`
}
