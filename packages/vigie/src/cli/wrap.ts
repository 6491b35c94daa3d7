/** Columns of a line. Only a single word, such as a path, may be wider. */
export const COLUMNS = 80

/** The text as lines of at most `width` columns, broken between words. An empty text is one empty line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

/** A label and a text beside it; what does not fit into the line goes on below the text. */
export function labelled(label: string, text: string): string[] {
  const [first = '', ...rest] = wrap(text, COLUMNS - label.length)
  return [label + first, ...rest.map((line) => ' '.repeat(label.length) + line)]
}
