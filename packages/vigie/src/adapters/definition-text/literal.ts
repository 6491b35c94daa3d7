/** What would not be seen in a text, or would end its line. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/gu

/** A TypeScript string literal in single quotes, on one line, in which nothing is invisible. */
export function stringLiteral(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replace(UNSEEN, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`)
  return `'${escaped}'`
}

/** A comment on one line: nothing in it can end the line. */
export function comment(text: string): string {
  return `// ${text.replace(UNSEEN, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`)}`
}

/** A JSON value as TypeScript writes it: `{ min: 0, of: ['a'] }`. Numbers read back to the same float64. */
export function literal(value: unknown): string {
  if (typeof value === 'string') return stringLiteral(value)
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value === 'object' && value !== null) return objectLiteral(value)
  return Object.is(value, -0) ? '-0' : String(value)
}

function objectLiteral(value: object): string {
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  return fields.length === 0
    ? '{}'
    : `{ ${fields.map(([name, field]) => `${propertyName(name)}: ${literal(field)}`).join(', ')} }`
}

const propertyName = (name: string): string => (/^[a-z_$][\w$]*$/i.test(name) ? name : stringLiteral(name))
