import { createHash } from 'node:crypto'
import { type Html, html, raw } from './html.ts'
import { logo } from './marks.ts'
import { style } from './style.ts'

/** What stands in the frame that all reports have. */
export interface Page {
  readonly title: string
  /** Beside the name of the product: which report it is. */
  readonly kind: string
  /** For those who read with a keyboard: where the substance begins. */
  readonly skipTo: { readonly id: string; readonly text: string }
  readonly facts: readonly (readonly [term: string, value: string])[]
  readonly main: Html
  readonly footer: Html
}

/**
 * A report as one page that needs nothing else: no script, no request. Its content security policy allows the one style
 * sheet, by hash, so nothing from the data could load or run even if it came through.
 */
export function page({ title, kind, skipTo, facts, main, footer }: Page): string {
  const policy = `default-src 'none'; style-src 'sha256-${sha256(style)}'; base-uri 'none'; form-action 'none'`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${raw(style)}</style>
</head>
<body>
<a class="skip" href="#${skipTo.id}">${skipTo.text}</a>
<div class="wrap"><header>
<div class="mark">${logo}Vigie<span class="dim">${kind}</span></div>
<div class="scale" aria-hidden="true"></div>
<dl class="meta">${facts.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl></header>
<main>
${main}
</main>
<footer>${footer}</footer></div>
</body>
</html>
`.markup
}

/** A report for programs. Throws on NaN and infinities, which JSON would turn into null without a reason. */
export function reportJson(report: object): string {
  const refuseNonFinite = (key: string, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`"${key}" is ${value}`)
    return value
  }
  return `${JSON.stringify(report, refuseNonFinite, 2)}\n`
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
