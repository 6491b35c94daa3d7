import { mustHold } from '../../domain/interchange/refused.ts'

/** A JSON object that came from anywhere, read field by field. Each method throws `model_file_invalid`. */
export class Fields {
  readonly #place: string
  readonly #value: Readonly<Record<string, unknown>>

  constructor(value: unknown, place: string) {
    mustHold(typeof value === 'object' && value !== null && !Array.isArray(value), `${place} is an object`)
    this.#place = place
    this.#value = value as Record<string, unknown>
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#value, name)
  }

  raw(name: string): unknown {
    return this.has(name) ? this.#value[name] : undefined
  }

  in(name: string): Fields {
    return new Fields(this.raw(name), `${this.#place}.${name}`)
  }

  text(name: string): string {
    const value = this.raw(name)
    mustHold(typeof value === 'string', `${this.#place}.${name} is a text`)
    return value
  }

  list(name: string): readonly unknown[] {
    const value = this.raw(name)
    mustHold(Array.isArray(value), `${this.#place}.${name} is a list`)
    return value
  }

  texts(name: string): readonly string[] {
    const values = this.list(name)
    mustHold(
      values.every((value) => typeof value === 'string'),
      `${this.#place}.${name} is a list of texts`,
    )
    return values as string[]
  }

  /** Finite numbers, exactly so many where that is given. */
  numbers(name: string, length?: number): readonly number[] {
    const values = this.list(name)
    mustHold(
      length === undefined || values.length === length,
      `${this.#place}.${name} has ${length} numbers`,
      values.length,
    )
    mustHold(
      values.every((value) => Number.isFinite(value)),
      `${this.#place}.${name} is a list of finite numbers`,
    )
    return values as number[]
  }

  wholes(name: string, length?: number): readonly number[] {
    const values = this.numbers(name, length)
    mustHold(
      values.every((value) => Number.isSafeInteger(value)),
      `${this.#place}.${name} has whole numbers`,
    )
    return values
  }

  /** A whole number written as a text, as XGBoost writes its parameters. */
  count(name: string, most: number): number {
    const value = Number(this.text(name))
    mustHold(
      Number.isInteger(value) && value >= 0 && value <= most,
      `${this.#place}.${name} is at most ${most}`,
      this.text(name),
    )
    return value
  }
}
