/** Words that cannot name a constant in a module. */
const RESERVED = new Set(
  [
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends false',
    'finally for function if implements import in instanceof interface let new null package private protected public return',
    'static super switch this throw true try typeof undefined var void while with yield async of',
  ].flatMap((words) => words.split(' ')),
)

/** Gives out names for the constants of one module: each once, none of them a word of the language. */
export class Identifiers {
  readonly #taken: Set<string>

  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken)
  }

  /** The wanted name, or the first of `wanted_suffix`, `wanted_suffix2`, ... that is free. */
  take(wanted: string, suffix: string): string {
    const names = [wanted, `${wanted}_${suffix}`]
    let name = names.find((candidate) => this.#isFree(candidate))
    for (let i = 2; name === undefined; i++) name = [`${wanted}_${suffix}${i}`].find((other) => this.#isFree(other))
    this.#taken.add(name)
    return name
  }

  #isFree(name: string): boolean {
    return !this.#taken.has(name) && !RESERVED.has(name)
  }
}
