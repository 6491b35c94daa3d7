import type { ColumnProfile } from './column-profile.ts'
import { type FileDraft, plainLabel } from './draft.ts'
import type { FileProfile } from './file-profile.ts'
import { readColumn, ZERO_ONE } from './read-column.ts'

const LABEL_FILE = /(^|_)(labels?|targets?|outcomes?)($|_)/
const LABEL_COLUMN = /label|target|^churn|^is_churn|^outcome$/
export interface LabelGuess {
  readonly file: string
  readonly column: string
  /** True when its file holds nothing else that a model reads. */
  readonly alone: boolean
}

/** The label is a boolean column that is called so, or stands in a file that is; without nulls, one row an entity. */
export function chooseLabel(files: readonly FileProfile[], key: string): LabelGuess | null {
  const guesses = files.flatMap((file) =>
    file.columns.flatMap((column) => {
      const named = LABEL_COLUMN.test(column.name)
      const inLabels = LABEL_FILE.test(file.name)
      if (
        column.name === key ||
        !(named || inLabels) ||
        file.columns.find(({ name }) => name === key)?.key?.unique !== true ||
        !isTruth(column)
      )
        return []
      const others = file.columns.filter(({ name }) => name !== key && name !== column.name)
      const alone = inLabels || others.every((other) => readColumn(other, file.rows).kind === 'text')
      return [
        { file: file.name, column: column.name, alone, rank: 4 * Number(alone) + 2 * Number(named) + Number(inLabels) },
      ]
    }),
  )
  return guesses.sort((a, b) => b.rank - a.rank)[0] ?? null
}

/** True and false and nothing else, not even null. */
function isTruth(column: ColumnProfile): boolean {
  const reading = readColumn(column, column.rows)
  if (reading.kind === 'boolean') return reading.nulls.length === 0
  return column.distinct?.every(({ text }) => ZERO_ONE.includes(text)) === true
}

/** True for what a column of labels is called. */
export const isNamedAsLabel = (file: string, column: string): boolean =>
  LABEL_COLUMN.test(column) || LABEL_FILE.test(file)

/** The declaration of a label that nobody has delivered yet, with what to do. */
export function missingLabel(
  label: LabelGuess | null,
  key: string,
  taken: ReadonlySet<string>,
  drafts: readonly FileDraft[],
): FileDraft {
  const { nulls, booleans } = drafts[0]!.contract
  const name =
    ['labels', 'targets', 'model_labels', 'vigie_labels'].find((free) => !taken.has(free)) ?? 'labels_to_come'
  const column = label?.column ?? 'label'
  const why = label
    ? `TODO: ${column} in ${label.file} looks like the label, but a label has a file of its own: deliver ${name}.csv with ${key} and ${column}.`
    : `TODO: no boolean column looks like what is to be predicted. Deliver it as ${name}.csv with ${key} and ${column}, or name yours here.`
  return {
    contract: {
      name,
      key,
      eventTime: null,
      createdTime: null,
      columns: [
        { name: key, type: 'string', optional: false },
        { name: column, type: 'boolean', optional: false },
      ],
      unused: [],
      extra: 'reject',
      nulls,
      booleans,
      listedIn: null,
    },
    role: plainLabel(column),
    gates: null,
    notes: [why],
    columnNotes: {},
  }
}
