import { type Html, html, raw } from './html.ts'

/** How things stand. Always shown as shape, word and colour together. */
export type Status = 'ok' | 'watch' | 'act' | 'none'

const SHAPES: Readonly<Record<Status, Html>> = {
  ok: raw('<circle cx="6" cy="6" r="5" fill="currentColor"/>'),
  watch: raw('<path d="M6 .8 11.6 11H.4Z" fill="currentColor"/>'),
  act: raw('<path d="M6 0 12 6 6 12 0 6Z" fill="currentColor"/>'),
  none: raw(
    '<circle cx="6" cy="6" r="4.7" fill="none" stroke="currentColor" stroke-width="1.4" stroke-dasharray="2 1.7"/>',
  ),
}

export function statusMark(status: Status, word: string): Html {
  return html`<span class="st ${status}"><svg viewBox="0 0 12 12" aria-hidden="true">${SHAPES[status]}</svg>${word}</span>`
}
