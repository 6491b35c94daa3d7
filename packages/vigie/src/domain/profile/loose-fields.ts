/**
 * Splits one line of a file that was refused into fields, whatever is wrong with it: quotes that never end, or stand in
 * the middle, are part of the text. A line break inside quotes is taken for the end of a row.
 */
export function looseFields(line: string): readonly string[] {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line
  if (!text.includes('"')) return text.split(',')
  return Array.from(text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"(?=,|$)|([^,]*))/g), ([, quoted, plain]) =>
    quoted === undefined ? plain! : quoted.replaceAll('""', '"'),
  )
}
