import { Option } from 'commander'
import type { Project } from '../../define/project.ts'
import { type AsOf, asOf } from '../../domain/as-of.ts'
import { VigieError } from '../../errors.ts'
import type { Ports } from '../../ports/ports.ts'

export const AS_OF = () => new Option('--as-of <date>', 'the date at whose end the data is true, YYYY-MM-DD')

/** The date of `--as-of`, or of the newest snapshot. */
export async function dateOrNewest(ports: Ports, text: string | boolean | undefined): Promise<AsOf> {
  if (typeof text === 'string') return asOf(text)
  const newest = (await ports.snapshots.list()).at(-1)
  if (newest) return newest.asOf
  throw new VigieError('snapshot_missing', 'there is no snapshot yet', { rule: 'a date is ingested before it is used' })
}

/** A version number as typed: `2` or `v2`. */
export function versionNumber(text: string, project: Project): number {
  const match = /^v?([1-9]\d{0,8})$/.exec(text)
  if (match) return Number(match[1])
  throw new VigieError('wrong_use', `"${text}" is no version of ${project.model.name}`, {
    rule: 'a version is a whole number, as 2 or v2',
    value: text,
  })
}
