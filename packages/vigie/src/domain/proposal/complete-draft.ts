import { VigieError } from '../../errors.ts'
import type { ColumnContract } from '../contract.ts'
import { isNamedAsLabel, missingLabel } from './choose-label.ts'
import { type DefinitionDraft, type FileDraft, plainLabel, type SnapshotsDraft } from './draft.ts'

const READABLE: ReadonlySet<ColumnContract['type']> = new Set(['int', 'float', 'boolean', 'category'])

/**
 * Makes a draft of files that come from another tool: a label where nothing says which it is, views only of files with
 * something to read, the list of all keys.
 *
 * @throws `nothing_to_propose`
 */
export function completeDraft(given: {
  readonly name: string
  readonly snapshots: SnapshotsDraft
  readonly firstNote: string | null
  readonly key: string
  readonly files: readonly FileDraft[]
}): DefinitionDraft {
  const { key } = given
  const guessed = given.files.some(({ role }) => role.kind === 'label') ? given.files : withLabel(given.files)
  const files = guessed.map((file) =>
    file.role.kind === 'view' && !isReadable(file) ? { ...file, role: { kind: 'source' } as const } : file,
  )
  if (!files.some(({ role }) => role.kind === 'view')) {
    throw new VigieError(
      'nothing_to_propose',
      `no file of the contract has a column that a model can read beside ${key}`,
      {
        rule: 'a contract has numbers, booleans or categories for each key',
        value: files
          .map(({ contract }) => contract.name)
          .join(', ')
          .slice(0, 200),
      },
    )
  }
  const labelled = files.some(({ role }) => role.kind === 'label')
  const names = new Set(files.map(({ contract }) => contract.name))
  const listedIn = files.find(({ contract }) => contract.listedIn !== null && names.has(contract.listedIn))?.contract
    .listedIn
  return {
    name: given.name,
    snapshots: given.snapshots,
    firstNote: given.firstNote,
    entity: { key, listedIn: listedIn ?? null },
    files: labelled ? files : [...files, missingLabel(null, key, names, files)],
    notes: [],
  }
}

const isReadable = ({ contract, role }: FileDraft): boolean =>
  contract.columns.some(({ type }) => READABLE.has(type)) || (role.kind === 'view' && !role.online)

/** The first file whose only readable column is a boolean without nulls that is called like a label. */
function withLabel(files: readonly FileDraft[]): readonly FileDraft[] {
  for (const file of files) {
    const { name, columns, key, eventTime } = file.contract
    const readable = columns.filter((column) => column.name !== key && READABLE.has(column.type))
    const [only] = readable
    const isLabel =
      readable.length === 1 &&
      only!.type === 'boolean' &&
      !only!.optional &&
      eventTime === null &&
      isNamedAsLabel(name, only!.name)
    if (isLabel) return files.map((other) => (other === file ? { ...file, role: plainLabel(only!.name) } : other))
  }
  return files
}
