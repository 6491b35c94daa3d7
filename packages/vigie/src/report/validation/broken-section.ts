import type { BrokenRule } from '../../domain/contract.ts'
import { type Html, html, name } from '../html.ts'
import { legend } from '../marks.ts'
import { count, plural } from '../numbers.ts'
import { statusMark } from '../status.ts'
import { columnPicture } from './column-picture.ts'
import type { ReportedFile, ValidationReport } from './model.ts'
import { stopped } from './wording.ts'

/** Every broken rule: what it says, what was found, the column's picture and the first offending rows. */
export function brokenSection({ files, approvals }: ValidationReport): Html | null {
  const broken = files.flatMap((file) => [
    ...file.broken.map((rule) => ({ file, rule, mark: markOf(rule, approvals) })),
    ...file.leftOut.map((rule) => ({ file, rule, mark: statusMark('watch', 'Rows left out') })),
  ])
  if (broken.length === 0) return null
  const compared = broken.find(({ file, rule }) => beforeOf(file, rule) !== undefined)?.file.before
  return html`<section id="rules" aria-labelledby="h-rules"><h2 id="h-rules">Broken rules</h2>
<p class="lead">In the order in which they were found. A line is counted from 1, the header's.</p>
${compared ? legend(compared.asOf, 'this delivery') : null}
${broken.map(({ file, rule, mark }) => article(file, rule, mark))}</section>`
}

function markOf({ code, severity }: BrokenRule, approvals: ValidationReport['approvals']): Html {
  if (severity === 'reject') return statusMark('act', 'Refuses')
  return statusMark('watch', approvals?.codes.includes(code) ? 'Approved' : 'Holds')
}

function article(file: ReportedFile, rule: BrokenRule, mark: Html): Html {
  const column = file.columns.find((each) => each.name === rule.column)
  const place = rule.column === null ? file.source : `${file.source}.${rule.column}`
  return html`<article class="feat"><div><h3>${name(place)}</h3>${mark}<p class="say">${stopped(rule.text)}</p>${rule.hint === undefined ? null : html`<p class="say">${rule.hint}</p>`}</div>
${column ? columnPicture(column, beforeOf(file, rule)) : html`<p class="dim say">no picture of ${rule.column === null ? 'a whole file' : 'this column'}</p>`}
<div>${facts(rule)}${rows(rule)}</div></article>`
}

function beforeOf(file: ReportedFile, rule: BrokenRule) {
  return file.columnsBefore.find((each) => each.name === rule.column)
}

function facts({ code, rule, value, rows: found, examples }: BrokenRule): Html {
  return html`<dl class="kv told"><dt>Rule</dt><dd>${rule}</dd><dt>Code</dt><dd class="mono">${code}</dd>${examples.length > 0 ? null : html`<dt>Found</dt><dd>${value}</dd>`}${found === null ? null : html`<dt>Rows</dt><dd>${count(found)}</dd>`}</dl>`
}

/** The first rows, up to the 20 that a broken rule keeps. */
function rows({ examples, rows: found }: BrokenRule): Html | null {
  if (examples.length === 0) return null
  const more = (found ?? examples.length) - examples.length
  return html`<table class="rows"><thead><tr><th scope="col" class="num">Line</th><th scope="col">Value</th></tr></thead><tbody>
${examples.map(({ line, value }) => html`<tr><td class="num">${line === null ? '' : count(line)}</td><td class="mono"><bdi>${value === '' ? '(empty)' : value}</bdi></td></tr>`)}</tbody></table>${more > 0 ? html`<p class="soft say">and ${plural(more, 'row')} more</p>` : null}`
}
