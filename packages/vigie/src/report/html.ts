/** Markup that is safe to put into a page. Only `html` and `raw` make it. */
export class Html {
  readonly markup: string
  constructor(markup: string) {
    this.markup = markup
  }
}

type Piece = Html | string | number | null | readonly Piece[]

/**
 * The only way in which pages are put together: every interpolated text is escaped, markup is kept, lists are joined and
 * null leaves nothing. A forgotten escape is not possible, because strings cannot enter as markup.
 */
export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return new Html(parts.map((part, i) => (i === 0 ? part : markup(pieces[i - 1]!) + part)).join(''))
}

function markup(piece: Piece): string {
  if (piece === null) return ''
  if (piece instanceof Html) return piece.markup
  if (typeof piece === 'object') return piece.map(markup).join('')
  return escaped(visible(String(piece)))
}

/** Markup that was written by us and holds nothing from data: style sheets and constant drawings. */
export function raw(constant: string): Html {
  return new Html(constant)
}

/** Control and format characters (line breaks, direction marks, zero-width spaces) shown as what they are: `\u202e`. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (character) => {
    const code = character.codePointAt(0)!.toString(16)
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`
  })
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!)
}

/**
 * A name that came with data: text that keeps its own direction, breaks after `_` and `.`, and is said to be blank when
 * nothing of it can be seen.
 */
export function name(text: string): Html {
  if (text.trim() === '') return html`<span class="none">(blank name, ${text.length} characters)</span>`
  const pieces = text.split(/(?<=[_.])/).map((piece, i) => (i === 0 ? html`${piece}` : html`<wbr>${piece}`))
  return html`<bdi class="name">${pieces}</bdi>`
}
