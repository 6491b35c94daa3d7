import type { AsOf } from '../../../domain/as-of.ts'
import type { SourceContract } from '../../../domain/contract.ts'
import { CsvCheck, type CsvSummary } from '../../../domain/csv/csv-check.ts'
import { VigieError } from '../../../errors.ts'
import { HEAD, refuseMismatch } from './content.ts'
import type { Reader } from './copy-delivered.ts'

/** Checks the text of a delivered file: that it is one, not too large, and what the contract says. */
export class TextCheck implements Reader {
  readonly #name: string
  readonly #maxBytes: number
  readonly #check: CsvCheck
  #bytes = 0
  #summary: CsvSummary | null = null

  constructor(
    name: string,
    contract: SourceContract,
    options: { readonly asOf?: AsOf | undefined; readonly maxBytes: number },
  ) {
    this.#name = name
    this.#maxBytes = options.maxBytes
    this.#check = new CsvCheck(contract, { asOf: options.asOf })
  }

  /** What was found, once the text ended well. */
  get summary(): CsvSummary {
    if (this.#summary === null) throw new VigieError('internal', 'the text has not ended')
    return this.#summary
  }

  push(chunk: Uint8Array): void {
    if (this.#bytes === 0) refuseMismatch(chunk.subarray(0, HEAD), 'csv', this.#name)
    this.#bytes += chunk.length
    if (this.#bytes > this.#maxBytes) throw tooLarge(this.#name, this.#maxBytes)
    this.#check.push(chunk)
  }

  end(): void {
    this.#summary = this.#check.end()
  }
}

export function tooLarge(name: string, maxBytes: number): VigieError {
  return new VigieError('too_large', `${name} has more than ${maxBytes} bytes`, {
    rule: `a file has at most ${maxBytes} bytes of text`,
    value: `more than ${maxBytes} bytes`,
    file: name,
    hint: 'Deliver less at a time, or raise snapshots.maxBytes in the definition.',
  })
}
