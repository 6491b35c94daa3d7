import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseContractText } from '../../adapters/odcs/text.ts'
import { hasCode, VigieError } from '../../errors.ts'

/** The document of another tool, YAML or JSON, as plain data. Throws `contract_invalid`, or `wrong_use` without a file. */
export function readContract(file: string): unknown {
  try {
    return parseContractText(readFileSync(file, 'utf8'), path.basename(file))
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (hasCode(cause) || code === undefined) throw cause
    throw new VigieError('wrong_use', `${file} cannot be read`, { rule: 'the file can be read', value: code, cause })
  }
}
