import { parseDocument, type ScalarTag, stringify } from 'yaml'
import { VigieError } from '../../errors.ts'

/** Most characters of a contract. */
const LONGEST = 10_000_000
/** Aliases that one document may resolve: a few make a text of kilobytes into gigabytes. */
const MOST_ALIASES = 100

/**
 * Reads YAML 1.2, of which JSON is a part, into plain data. Tags make no objects, keys appear once.
 *
 * @throws `contract_invalid`
 */
export function parseContractText(text: string, file: string): unknown {
  if (text.length > LONGEST) throw unreadable(file, `longer than ${LONGEST} characters`)
  const document = parseDocument(text, { uniqueKeys: true, merge: false })
  const [problem] = document.errors
  if (problem) throw unreadable(file, problem.message.split('\n')[0] ?? 'no YAML', problem)
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES })
  } catch (cause) {
    throw unreadable(file, String((cause as Error).message), cause)
  }
}

function unreadable(file: string, why: string, cause?: unknown): VigieError {
  return new VigieError('contract_invalid', `${file} cannot be read: ${why}`, {
    rule: 'a contract is a YAML or JSON document',
    value: why.slice(0, 200),
    file,
    cause,
  })
}

/** Readers of YAML 1.1 see a text in `5e-324` and a number in `5.0e-324`. */
const EXPONENTS: ScalarTag = {
  identify: (value) => typeof value === 'number' && String(value).includes('e'),
  default: true,
  tag: 'tag:yaml.org,2002:float',
  // It reads nothing: only tags with a test are asked to write.
  test: /(?!)/,
  resolve: Number,
  stringify: ({ value }) => String(value).replace(/^(-?\d+)e/, '$1.0e'),
}

/** YAML with long lines left whole and no aliases, which readers of YAML 1.1 (most Python tools) read the same. */
export function contractText(document: object): string {
  return stringify(document, {
    lineWidth: 0,
    aliasDuplicateObjects: false,
    compat: 'yaml-1.1',
    customTags: (tags) => [EXPONENTS, ...tags],
  })
}
