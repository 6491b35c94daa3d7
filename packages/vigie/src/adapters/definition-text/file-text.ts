import type { ColumnContract } from '../../domain/contract.ts'
import type { FileDraft } from '../../domain/proposal/draft.ts'
import { columnText } from './column-text.ts'
import { gatesText } from './gates-text.ts'
import { comment, literal, stringLiteral } from './literal.ts'
import { ruleText } from './rule-text.ts'
import { type Tokens, tokensText } from './tokens-text.ts'

/** A line of a declaration, and what stands behind it. */
type Line = readonly [text: string, note?: string | undefined]

/** Columns, from which on a note behind a line is put above it. */
const WIDTH = 120

/**
 * The declaration of one file: `featureView({ ... })`, `source('users', { ... })` or `label({ ... })`, without what is
 * usual. `entity` is the constant of the entity, `tokens` what the whole project writes.
 */
export function fileText(file: FileDraft, entity: string, tokens: Tokens): string {
  const { contract, role } = file
  const columns = declaredColumns(file)
  if (role.kind === 'label') {
    const column = contract.columns.find(({ name }) => name === role.column)!
    return block('label({', '})', [
      [`entity: ${entity},`],
      [`from: ${stringLiteral(contract.name)},`],
      [`column: ${stringLiteral(role.column)},`],
      [`type: ${columnText(column)},`, file.columnNotes[role.column]],
      ...(role.horizon === '0d' ? [] : [[`horizon: ${stringLiteral(role.horizon)},`] as const]),
      ...(role.arrives === '0d' ? [] : [[`arrives: ${stringLiteral(role.arrives)},`] as const]),
      ...optionLines(file, tokens),
    ])
  }
  const fields = columns.map(
    (column) => [`${column.name}: ${columnText(column)},`, file.columnNotes[column.name]] as const,
  )
  const typed: readonly Line[] = [
    [`${role.kind === 'view' ? 'features' : 'columns'}: ${indented(block('{', '}', fields))},`],
  ]
  if (role.kind === 'source') {
    return block(`source(${stringLiteral(contract.name)}, {`, '})', [
      [`entity: ${entity},`],
      ...typed,
      ...optionLines(file, tokens),
    ])
  }
  const { eventTime, createdTime } = contract
  return block('featureView({', '})', [
    [`entity: ${entity},`],
    [`from: ${stringLiteral(contract.name)},`],
    ...(eventTime === null ? [] : [[`eventTime: ${stringLiteral(eventTime)},`] as const]),
    ...(createdTime === null ? [] : [[`createdTime: ${stringLiteral(createdTime)},`] as const]),
    ...typed,
    ...(role.ttl === null ? [] : [[`ttl: ${stringLiteral(role.ttl)},`] as const]),
    ...(role.arrives === '0d' ? [] : [[`arrives: ${stringLiteral(role.arrives)},`] as const]),
    ...(role.online ? [] : [['online: false,'] as const]),
    ...(role.owner === null ? [] : [[`owner: ${stringLiteral(role.owner)},`] as const]),
    ...optionLines(file, tokens),
  ])
}

/** The columns to declare: without the key, and without times and dates that their names alone declare. */
export function declaredColumns({ contract, role }: FileDraft): readonly ColumnContract[] {
  const byName = [contract.eventTime, contract.createdTime, contract.asOfColumn]
  return contract.columns.filter(
    (column) =>
      column.name !== contract.key &&
      !(role.kind === 'label' && column.name === role.column) &&
      !(byName.includes(column.name) && isPlain(column)),
  )
}

const isPlain = (column: ColumnContract): boolean => ['f.timestamp()', 'f.date()'].includes(columnText(column))

function optionLines({ contract, gates, columnNotes }: FileDraft, usual: Tokens): readonly Line[] {
  const asked = gatesText(gates)
  const { unused, extra, rules = [], asOfColumn, badRows } = contract
  const tokens = tokensText(contract, usual)
  return [
    ...(tokens === null ? [] : [[`csv: ${tokens},`] as const]),
    ...unusedLines(unused, columnNotes),
    ...(extra === 'keep' ? [["extra: 'keep',"] as const] : []),
    ...(rules.length === 0
      ? []
      : [
          [
            `rules: ${indented(
              block(
                '[',
                ']',
                rules.map((rule) => [`${ruleText(rule)},`]),
              ),
            )},`,
          ] as const,
        ]),
    ...(asOfColumn === undefined ? [] : [[`asOfColumn: ${stringLiteral(asOfColumn)},`] as const]),
    ...(badRows === undefined ? [] : [[`badRows: quarantineRows(${literal(badRows)}),`] as const]),
    ...(asked === null ? [] : [[`gates: ${indented(asked)},`] as const]),
  ]
}

function unusedLines(unused: readonly string[], notes: FileDraft['columnNotes']): readonly Line[] {
  if (unused.length === 0) return []
  if (!unused.some((name) => notes[name])) return [[`unused: ${literal(unused)},`]]
  return [
    [
      `unused: ${indented(
        block(
          '[',
          ']',
          unused.map((name) => [`${stringLiteral(name)},`, notes[name]]),
        ),
      )},`,
    ],
  ]
}

function block(open: string, close: string, lines: readonly Line[]): string {
  if (lines.length === 0) return `${open}${close}`
  return [open, ...lines.flatMap(lineText), close].join('\n')
}

function lineText([text, note]: Line): readonly string[] {
  if (!note) return [`  ${text}`]
  const whole = `  ${text} ${comment(note)}`
  return whole.length <= WIDTH ? [whole] : [`  ${comment(note)}`, `  ${text}`]
}

const indented = (text: string): string => text.replaceAll('\n', '\n  ')

/** The names that the declaration of a file takes from the package, rules aside. */
export function fileWords({ contract, role, gates }: FileDraft, usual: Tokens): readonly string[] {
  return [
    { view: 'featureView', source: 'source', label: 'label' }[role.kind],
    ...(tokensText(contract, usual) === null ? [] : ['csv']),
    ...(contract.badRows === undefined ? [] : ['quarantineRows']),
    ...(gatesText(gates) === null ? [] : ['gates']),
  ]
}
