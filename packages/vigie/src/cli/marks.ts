import { styleText } from 'node:util'

/** What a line says about its subject. Status is shape, word and colour, in that order of importance. */
export type State = 'ok' | 'watch' | 'act' | 'person' | 'none'

const SHAPES = { ok: '●', watch: '▲', act: '◆', person: '►', none: '◌' } as const
const ASCII = { ok: '+', watch: '!', act: 'x', person: '>', none: '?' } as const
const COLOURS = { ok: 'green', watch: 'yellow', act: 'red', person: 'blue', none: 'dim' } as const

/** How to draw on one stream: ASCII when the locale is not UTF-8 or on request, colour only on a terminal. */
export interface Pen {
  mark(state: State): string
  bold(text: string): string
}

export function pen(stream: NodeJS.WriteStream, options: { readonly ascii: boolean }): Pen {
  const ascii = asciiOnly(options)
  const style = (format: Parameters<typeof styleText>[0], text: string) => styleText(format, text, { stream })
  return {
    mark: (state) => style(COLOURS[state], (ascii ? ASCII : SHAPES)[state]),
    bold: (text) => style('bold', text),
  }
}

/** On request, or when the locale is not UTF-8. */
export function asciiOnly(options: { readonly ascii: boolean }): boolean {
  return options.ascii || !utf8Locale(process.env)
}

function utf8Locale(env: NodeJS.ProcessEnv): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG
  return locale === undefined || locale === '' || /utf-?8/i.test(locale)
}

/** Control and direction characters shown as what they are, so that data cannot move the cursor or forge a line. */
export function printable(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is replaced
    /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
