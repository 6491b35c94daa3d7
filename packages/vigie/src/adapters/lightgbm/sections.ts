import { mustHold, refused } from '../../domain/interchange/refused.ts'

/** `key=value` lines of one part of a LightGBM text model. */
export class Section {
  readonly #name: string
  readonly #fields: ReadonlyMap<string, string>

  constructor(name: string, lines: readonly string[]) {
    this.#name = name
    const fields = new Map<string, string>()
    for (const line of lines) {
      const at = line.indexOf('=')
      const key = at < 0 ? line : line.slice(0, at)
      mustHold(!fields.has(key), 'each line of a part has a name of its own', `${name} has ${key} twice`)
      fields.set(key, at < 0 ? '' : line.slice(at + 1))
    }
    this.#fields = fields
  }

  has(key: string): boolean {
    return this.#fields.has(key)
  }

  text(key: string): string {
    const value = this.#fields.get(key)
    mustHold(value !== undefined, `${this.#name} has a line ${key}`)
    return value
  }

  words(key: string): readonly string[] {
    const text = this.text(key).trim()
    return text === '' ? [] : text.split(' ')
  }

  whole(key: string, most: number): number {
    const value = Number(this.text(key))
    mustHold(Number.isInteger(value) && value >= 0 && value <= most, `${key} is at most ${most}`, this.text(key))
    return value
  }

  /** Numbers, exactly so many; none where the line may be missing and is. */
  numbers(key: string, length: number): readonly number[] {
    const words = this.words(key)
    mustHold(words.length === length, `${key} of ${this.#name} has ${length} numbers`, words.length)
    return words.map((word) => {
      const value = word === '' ? Number.NaN : (INFINITE[word] ?? Number(word))
      mustHold(Number.isFinite(value), `${key} has finite numbers`, word)
      return value
    })
  }

  wholes(key: string, length: number): readonly number[] {
    const values = this.numbers(key, length)
    const odd = values.find((value) => !Number.isSafeInteger(value))
    mustHold(odd === undefined, `${key} has whole numbers`, odd ?? '')
    return values
  }
}

export interface Sections {
  readonly header: Section
  readonly trees: readonly Section[]
  /** `[name: value]` lines of the parameters that it was trained with. */
  readonly parameters: ReadonlyMap<string, string>
  /** Categories of pandas columns; null where the file does not have them. */
  readonly pandas: readonly (readonly unknown[])[] | null
}

/** A split of what is missing from what is there has a threshold of this size. */
const INFINITE: Readonly<Record<string, number>> = { inf: Number.MAX_VALUE, '-inf': -Number.MAX_VALUE }
const MOST_TREES = 1_000_000

/** The parts of a LightGBM text model. Throws `model_file_invalid`. */
export function sections(text: string): Sections {
  const lines = text.split(/\r?\n/)
  mustHold(lines[0] === 'tree', 'a LightGBM text model begins with the line "tree"', lines[0] ?? '')
  const end = lines.indexOf('end of trees')
  mustHold(end >= 0, 'a LightGBM text model has the line "end of trees"; it was cut off')
  const starts = lines.flatMap((line, i) => (i < end && line.startsWith('Tree=') ? [i] : []))
  if (starts.length > MOST_TREES)
    throw refused('model_file_limit', `a model has at most ${MOST_TREES} trees`, starts.length)
  const part = (from: number, to: number): readonly string[] => lines.slice(from, to).filter((line) => line !== '')
  return {
    header: new Section('the header', part(1, starts[0] ?? end)),
    trees: starts.map((start, t) => {
      mustHold(lines[start] === `Tree=${t}`, 'trees are numbered one by one', lines[start] ?? '')
      return new Section(`tree ${t}`, part(start + 1, starts[t + 1] ?? end))
    }),
    parameters: parameters(lines.slice(end)),
    pandas: pandas(lines.findLast((line) => line.startsWith(PANDAS))),
  }
}

const PANDAS = 'pandas_categorical:'

function parameters(lines: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    lines.flatMap((line) => {
      const match = /^\[(\w+): (.*)\]$/.exec(line)
      return match ? [[match[1]!, match[2]!]] : []
    }),
  )
}

function pandas(line: string | undefined): readonly (readonly unknown[])[] | null {
  if (line === undefined) return null
  let value: unknown
  try {
    value = JSON.parse(line.slice(PANDAS.length))
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw refused('model_file_invalid', 'the line pandas_categorical is JSON', line)
  }
  if (value === null) return null
  mustHold(Array.isArray(value) && value.every(Array.isArray), 'pandas_categorical is a list of lists', line)
  return value
}
