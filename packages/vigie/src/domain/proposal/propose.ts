import { VigieError } from '../../errors.ts'
import type { ColumnContract, SourceContract } from '../contract.ts'
import { excerptOf } from '../csv/excerpt.ts'
import { isLegalName } from '../legal-name.ts'
import { chooseLabel, type LabelGuess, missingLabel } from './choose-label.ts'
import type { ColumnProfile } from './column-profile.ts'
import { doubtsOf } from './doubts.ts'
import { type DefinitionDraft, type Doubt, type FileDraft, type FileRole, plainLabel, plainView } from './draft.ts'
import type { FileProfile } from './file-profile.ts'
import { type Reading, readColumn, ZERO_ONE } from './read-column.ts'

export interface Proposal {
  readonly draft: DefinitionDraft
  readonly doubts: readonly Doubt[]
}

const EVENT_TIME = /event|time|_at$|^ts$|date/
const CREATED_TIME = /creat|insert|load|updat|known|ingest/

/**
 * A contract for a delivery of which only the files are known. It is a first draft: what it says is true of these
 * files, and a person decides what must be true of all. Pure.
 *
 * @throws `nothing_to_propose` when no file has a column that a model could read
 */
export function propose(
  files: readonly FileProfile[],
  given: { readonly name: string; readonly first: string; readonly firstNote: string | null; readonly key: string },
): Proposal {
  const { key } = given
  const doubts: Doubt[] = []
  const doubt = (file: string, column: string | null, text: string) => doubts.push({ file, column, text })
  const usable = files.filter((file) => {
    if (!file.columns.some(({ name }) => name === key)) doubt(file.name, null, `has no column ${key}: left out`)
    else if (!isLegalName(file.name))
      doubt(file.name, null, `a source cannot have this name: rename the file; left out`)
    else if (!isUnique(file, key) && eventTimeOf(file, key) === null) {
      doubt(file.name, key, 'repeats, and no column says when each row was true: left out')
    } else return true
    return false
  })
  doubts.push(...usable.flatMap((file) => doubtsOf(file, key)))
  const label = chooseLabel(usable, key)
  const drafts = usable.map((file) => draftOf(file, key, label))
  if (!drafts.some(({ role }) => role.kind === 'view')) throw noFeatures(doubts, key)
  if (label?.alone !== true) drafts.push(missingLabel(label, key, new Set(files.map(({ name }) => name)), drafts))
  const listedIn = listing(usable, drafts, key)
  return {
    draft: {
      name: given.name,
      snapshots: { first: given.first },
      firstNote: given.firstNote,
      entity: { key, listedIn },
      files: labelLast(drafts).map((file) => ({
        ...file,
        contract: { ...file.contract, listedIn: file.contract.name === listedIn ? null : listedIn },
      })),
      notes: [],
    },
    doubts,
  }
}

const labelLast = (files: readonly FileDraft[]): readonly FileDraft[] =>
  [...files].sort((a, b) => Number(a.role.kind === 'label') - Number(b.role.kind === 'label'))

function noFeatures(doubts: readonly Doubt[], key: string): VigieError {
  return new VigieError('nothing_to_propose', `no file has a column that a model can read beside ${key}`, {
    rule: 'a delivery holds numbers, booleans or categories for each key',
    value: doubts
      .map(({ file, text }) => `${file} ${text}`)
      .join('; ')
      .slice(0, 200),
  })
}

function columnOf(file: FileProfile, name: string): ColumnProfile {
  return file.columns.find((column) => column.name === name)!
}

const isUnique = (file: FileProfile, key: string): boolean => columnOf(file, key).key?.unique === true

function eventTimeOf(
  file: FileProfile,
  key: string,
): { readonly eventTime: string; readonly createdTime: string | null } | null {
  const times = file.columns.filter(
    ({ name, kinds, rows }) => name !== key && kinds.timestamp + kinds.localTime === rows,
  )
  const event =
    times.find(({ name }) => EVENT_TIME.test(name) && !CREATED_TIME.test(name)) ??
    times.find(({ name }) => !CREATED_TIME.test(name)) ??
    times[0]
  if (!event) return null
  return {
    eventTime: event.name,
    createdTime: times.find(({ name }) => CREATED_TIME.test(name) && name !== event.name)?.name ?? null,
  }
}

function draftOf(file: FileProfile, key: string, label: LabelGuess | null): FileDraft {
  const labelHere = label?.file === file.name ? label : null
  const times = isUnique(file, key) ? null : eventTimeOf(file, key)
  const readings = file.columns
    .filter(({ name }) => name !== key)
    .map((profile) => {
      const zeroOne = labelHere?.column === profile.name && profile.kinds.text === 0
      const reading: Reading = zeroOne
        ? { kind: 'boolean', tokens: ZERO_ONE, nulls: [] }
        : readColumn(profile, file.rows)
      return { name: profile.name, reading }
    })
  const tokens = tokensOf(
    file,
    readings.map(({ reading }) => reading),
    labelHere === null ? undefined : readings.find(({ name }) => name === labelHere.column)?.reading,
  )
  const columns: ColumnContract[] = []
  const unused: string[] = []
  const columnNotes: Record<string, string> = {}
  for (const { name, reading } of readings) {
    const isLabel = labelHere?.column === name
    // The other columns of a file of labels, and a label among features, which a model must not see.
    const left = labelHere !== null && labelHere.alone !== isLabel
    const declared = left ? null : declare(name, reading, tokens, file)
    if (declared) columns.push(declared.column)
    else unused.push(name)
    const note =
      isLabel && left ? 'perhaps the label' : declared ? declared.note : reading.kind === 'text' ? reading.note : ''
    if (note) columnNotes[name] = note
  }
  const readable = columns.some(
    ({ type, name }) => type !== 'date' && type !== 'timestamp' && name !== times?.eventTime,
  )
  const role: FileRole = labelHere?.alone
    ? plainLabel(labelHere.column)
    : readable
      ? plainView(file.name)
      : { kind: 'source' }
  const contract: SourceContract = {
    name: file.name,
    key,
    eventTime: times?.eventTime ?? null,
    createdTime: times?.createdTime ?? null,
    columns: [{ name: key, type: 'string', optional: false }, ...columns],
    unused,
    extra: 'reject',
    nulls: tokens.nulls,
    booleans: { true: [tokens.booleans[0]], false: [tokens.booleans[1]] },
    listedIn: null,
  }
  const notes = times ? [`Rows of one ${key} repeat: each is an event, at ${times.eventTime}.`] : []
  return { contract, role, gates: null, notes: [`${file.rows} rows.`, ...notes], columnNotes }
}

interface Tokens {
  readonly nulls: readonly string[]
  readonly booleans: readonly [string, string]
}

/** A file writes null and its booleans in one way; the label's way wins, then what most columns have. */
function tokensOf(file: FileProfile, readings: readonly Reading[], label: Reading | undefined): Tokens {
  const nulls = new Set(readings.flatMap((reading) => ('nulls' in reading ? reading.nulls : [])))
  if (file.columns.some(({ nullTokens }) => nullTokens.some(({ text }) => text === ''))) nulls.add('')
  const pairs = readings.flatMap((reading) => (reading.kind === 'boolean' ? [reading.tokens] : []))
  const often = pairs.map((pair) => ({ pair, columns: pairs.filter((other) => other === pair).length }))
  const most = often.sort((a, b) => b.columns - a.columns)[0]?.pair
  return {
    nulls: nulls.size === 0 ? [''] : [...nulls].sort(),
    booleans: label?.kind === 'boolean' ? label.tokens : (most ?? ['True', 'False']),
  }
}

function declare(
  name: string,
  reading: Reading,
  tokens: Tokens,
  file: FileProfile,
): { readonly column: ColumnContract; readonly note: string } | null {
  if (reading.kind === 'typed') return reading
  if (reading.kind === 'text') return null
  const texts = columnOf(file, name).distinct ?? []
  const optional = texts.some(({ text }) => tokens.nulls.includes(text))
  if (reading.kind === 'boolean' && reading.tokens === tokens.booleans) {
    return { column: { name, type: 'boolean', optional }, note: shares(texts, file.rows) }
  }
  const categories = texts.map(({ text }) => text).filter((text) => !tokens.nulls.includes(text))
  if (categories.length === 0) return null
  return { column: { name, type: 'category', optional, categories }, note: shares(texts, file.rows) }
}

/** `False 74 %, True 26 %` */
function shares(texts: readonly { readonly text: string; readonly rows: number }[], rows: number): string {
  const shown = texts
    .slice(0, 4)
    .map(({ text, rows: n }) => `${text === '' ? 'null' : excerptOf(text)} ${percent(n / rows)}`)
  return `${shown.join(', ')}${texts.length > 4 ? ', ...' : ''}`
}

const percent = (share: number): string => (share < 0.01 ? '<1 %' : `${Math.round(share * 100)} %`)

/**
 * The file that lists all keys, when the keys of all files are the same: one that belongs to no view, or is named after
 * what the key identifies.
 */
function listing(files: readonly FileProfile[], drafts: readonly FileDraft[], key: string): string | null {
  const prints = new Set(files.map((file) => columnOf(file, key).key?.fingerprint ?? file.name))
  if (files.length < 2 || prints.size > 1) return null
  const subject = key.replace(/_[a-z]+$/, '')
  const named = files.find(({ name }) => [subject, `${subject}s`, `${subject.replace(/y$/, 'ie')}s`].includes(name))
  return named?.name ?? drafts.find(({ role }) => role.kind === 'source')?.contract.name ?? null
}
