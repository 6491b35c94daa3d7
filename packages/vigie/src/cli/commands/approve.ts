import { Option } from 'commander'
import { catalogue, VigieError } from '../../errors.ts'
import type { Approvals } from '../../ports/snapshots.ts'
import { cliActor } from '../actor.ts'

export const APPROVE = () =>
  new Option('--approve <codes>', 'take it although these rules hold it back, as volume_gate,unit_change; recorded')

/** The codes of `--approve`, and who gave them. Throws `wrong_use` for one that no rule has. */
export function approvalsOf(text: string | boolean | undefined): Approvals | null {
  if (typeof text !== 'string') return null
  const codes = text.split(',').map((code) => code.trim())
  const unknown = codes.find((code) => !Object.hasOwn(catalogue, code))
  if (unknown === undefined) return { codes, actor: cliActor() }
  throw new VigieError('wrong_use', `"${unknown}" is the code of no rule`, {
    rule: '--approve takes the codes that the refusal names, separated by commas',
    value: unknown,
  })
}
