import { VigieError } from '../../errors.ts'
import type { FileProfile } from './file-profile.ts'

const NAMED_AS_KEY = /(^|_)(id|key|uuid|guid|no|nr|number|code)$/
/** Each costs memory, and a project has one key. */
const MOST_CANDIDATES = 3

/**
 * The columns that may identify the entity, by the headers alone: those that most files have, named like a key first.
 * `profile` the files with them, then `chooseKey`.
 */
export function keyCandidates(headers: readonly (readonly string[])[]): readonly string[] {
  const files = new Map<string, number>()
  for (const header of headers) for (const name of header) files.set(name, (files.get(name) ?? 0) + 1)
  const names = [...files.keys()]
  const rank = (name: string) => files.get(name)! * 2 + Number(NAMED_AS_KEY.test(name))
  const most = Math.max(...files.values())
  return names
    .filter((name) => files.get(name) === most || NAMED_AS_KEY.test(name))
    .sort((a, b) => rank(b) - rank(a) || names.indexOf(a) - names.indexOf(b))
    .slice(0, MOST_CANDIDATES)
}

/**
 * The column that identifies the entity: a legal key in every row of the most files, and unique in most of them.
 *
 * @throws `no_entity_key`
 */
export function chooseKey(files: readonly FileProfile[], candidates: readonly string[]): string {
  const judged = candidates.map((name) => {
    const columns = files.flatMap((file) => file.columns.find((column) => column.name === name) ?? [])
    const illegal = columns.reduce((sum, { key }) => sum + (key?.illegal ?? 0), 0)
    return { name, files: columns.length, unique: columns.filter(({ key }) => key?.unique).length, illegal }
  })
  const best = judged
    .filter(({ unique, illegal }) => unique > 0 && illegal === 0)
    .sort((a, b) => b.files - a.files || b.unique - a.unique)[0]
  if (best) return best.name
  const why = judged.map(({ name, unique, illegal }) =>
    unique === 0 ? `${name} repeats in every file` : `${name} is no key in ${illegal} rows`,
  )
  throw new VigieError('no_entity_key', `no column identifies what the files are about: ${why.join('; ')}`, {
    rule: 'the key is a column that every file has, never empty, and unique in at least one file',
    value: candidates.join(', '),
  })
}
