import { VigieError } from '../../errors.ts'
import type { ColumnContract } from '../contract.ts'
import { excerptOf } from '../csv/excerpt.ts'
import { isNamedAsLabel, missingLabel } from './choose-label.ts'
import { type DefinitionDraft, type FileDraft, plainLabel, plainView, type SnapshotsDraft } from './draft.ts'

const READABLE: ReadonlySet<ColumnContract['type']> = new Set(['int', 'float', 'boolean', 'category'])

/**
 * Makes a draft of files that come from another tool: a label where nothing says which it is, views only of files with
 * something to read, the list of all keys. What is missing for a definition is there with a TODO.
 *
 * @throws `nothing_to_propose` when there is no file at all
 */
export function completeDraft(given: {
  readonly name: string
  readonly snapshots: SnapshotsDraft
  readonly firstNote: string | null
  readonly key: string
  readonly files: readonly FileDraft[]
}): DefinitionDraft {
  const { key } = given
  if (given.files.length === 0) {
    throw new VigieError(
      'nothing_to_propose',
      `no file of the contract can be declared with the key ${excerptOf(key)}`,
      {
        rule: 'files and columns have legal names, and each file has the key',
        value: excerptOf(key),
      },
    )
  }
  const first = given.files.find(({ role }) => role.kind === 'label')
  const guessed = first ? given.files.map((file) => (file === first ? file : notLabel(file))) : withLabel(given.files)
  const files = guessed.map((file) =>
    file.role.kind === 'view' && !isReadable(file) ? { ...file, role: { kind: 'source' } as const } : file,
  )
  const labelled = files.some(({ role }) => role.kind === 'label')
  const names = new Set(files.map(({ contract }) => contract.name))
  const listedIn = files.find(({ contract }) => contract.listedIn !== null && names.has(contract.listedIn))?.contract
    .listedIn
  return {
    name: given.name,
    snapshots: given.snapshots,
    firstNote: given.firstNote,
    entity: { key, listedIn: listedIn ?? null },
    files: [
      ...files,
      ...(files.some(({ role }) => role.kind === 'view') ? [] : [missingView(key, names)]),
      ...(labelled ? [] : [missingLabel(null, key, names, files)]),
    ],
    notes: [],
  }
}

function missingView(key: string, taken: ReadonlySet<string>): FileDraft {
  const name = ['features', 'model_features'].find((free) => !taken.has(free)) ?? 'features_to_come'
  return {
    contract: {
      name,
      key,
      eventTime: null,
      createdTime: null,
      columns: [
        { name: key, type: 'string', optional: false },
        { name: 'value', type: 'float', optional: false },
      ],
      unused: [],
      extra: 'reject',
      nulls: [''],
      booleans: { true: ['True', 'true'], false: ['False', 'false'] },
      listedIn: null,
    },
    role: plainView(name),
    gates: null,
    notes: ['TODO: no column of the contract is one that a model reads. Declare what yours reads here.'],
    columnNotes: {},
  }
}

/** A project has one label: another file of labels is one to read. */
const notLabel = (file: FileDraft): FileDraft =>
  file.role.kind === 'label' ? { ...file, role: plainView(file.contract.name) } : file

const isReadable = ({ contract, role }: FileDraft): boolean =>
  contract.columns.some(({ type, name }) => READABLE.has(type) && name !== contract.key) ||
  (role.kind === 'view' && !role.online)

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
