import type { SourceContract } from '../../domain/contract.ts'
import { literal } from './literal.ts'

export type Tokens = Pick<SourceContract, 'nulls' | 'booleans'>

/** What `csv()` says when nothing is said. */
const DEFAULT: Tokens = { nulls: [''], booleans: { true: ['True', 'true'], false: ['False', 'false'] } }

/** `csv({ nulls: ['', 'NA'], booleans: ['Y', 'N'] })`, or null where the `usual` tokens are meant. */
export function tokensText({ nulls, booleans }: Tokens, usual: Tokens): string | null {
  if (same({ nulls, booleans }, usual)) return null
  const [yes = 'True'] = booleans.true
  const [no = 'False'] = booleans.false
  const pair = same({ nulls: DEFAULT.nulls, booleans }, DEFAULT) ? undefined : [yes, no]
  const options = literal({ nulls, booleans: pair })
  return `csv(${options})`
}

/** What most files write, in the order of the files. */
export function usualTokens(files: readonly Tokens[]): Tokens {
  const often = files.map(({ nulls, booleans }) => {
    const tokens = { nulls, booleans }
    return { tokens, files: files.filter((other) => same(other, tokens)).length }
  })
  return often.sort((a, b) => b.files - a.files)[0]?.tokens ?? DEFAULT
}

/** The project's own line; null when its files write what is usual everywhere. */
export const projectTokensText = (tokens: Tokens): string | null => tokensText(tokens, DEFAULT)

function same(a: Tokens, b: Tokens): boolean {
  const key = ({ nulls, booleans }: Tokens) => JSON.stringify([nulls, booleans.true, booleans.false])
  return key(a) === key(b)
}
