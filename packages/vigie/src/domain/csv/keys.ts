import { type Check, type Finding, textOf } from './check.ts'

/** Most characters (code points) of a key. */
export const KEY_CHARACTERS = 256

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

const EMPTY: Finding = {
  code: 'null_not_allowed',
  text: 'is empty',
  rule: 'each row has a key',
  hint: 'Deliver the key of the row, or remove the row.',
}
const TOO_LONG: Finding = {
  code: 'field_too_long',
  text: `has more than ${KEY_CHARACTERS} characters`,
  rule: `a key has at most ${KEY_CHARACTERS} characters`,
}
const CONTROL: Finding = {
  code: 'control_character',
  text: 'holds a character that cannot be seen',
  rule: 'keys hold no control or formatting characters',
}

/** Writing systems with letters that look like those of another. */
const ALIKE = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
]
const CONFUSABLE: Finding = {
  code: 'confusable',
  text: 'mixes letters of writing systems that look alike',
  rule: 'the letters of a key are of one writing system',
  storable: true,
  severity: 'hold',
}

/**
 * A key: 1 to 256 characters, none of which steers a terminal, turns the direction of writing or has no width. Two
 * keys that people cannot tell apart would be two entities; where letters look alike, a person decides.
 */
export const keyCheck: Check = (bytes, start, end) => {
  if (start === end) return EMPTY
  let ascii = true
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!
    if (byte < 0x20 || byte === 0x7f) return CONTROL
    if (byte >= 0x80) ascii = false
  }
  if (ascii) return end - start > KEY_CHARACTERS ? TOO_LONG : null
  const text = textOf(bytes, start, end)
  if (INVISIBLE.test(text)) return CONTROL
  if (end - start > KEY_CHARACTERS && Array.from(text).length > KEY_CHARACTERS) return TOO_LONG
  return ALIKE.filter((script) => script.test(text)).length > 1 ? CONFUSABLE : null
}
