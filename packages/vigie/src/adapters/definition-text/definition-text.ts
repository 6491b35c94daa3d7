import type { ColumnContract } from '../../domain/contract.ts'
import { excerptOf } from '../../domain/csv/excerpt.ts'
import { isLegalName, LEGAL_NAME } from '../../domain/legal-name.ts'
import type { DefinitionDraft, FileDraft } from '../../domain/proposal/draft.ts'
import { VigieError } from '../../errors.ts'
import { declaredColumns, fileText, fileWords } from './file-text.ts'
import { Identifiers } from './identifiers.ts'
import { comment, literal, stringLiteral } from './literal.ts'
import { ruleWords } from './rule-text.ts'
import { projectTokensText, usualTokens } from './tokens-text.ts'

/** Columns of a line. */
const WIDTH = 120
/** What the parts of a definition that are no matter of data take from the package. */
const ALWAYS = ['defineProject', 'entity', 'evidentlyRules', 'f', 'randomForest', 'share', 'stableHoldout']
/** A view cannot be called like this: derived features are. */
const RESERVED_VIEWS = ['derived']

/**
 * A draft as the TypeScript text of a `vigie.config.ts`: it compiles under `strict`, and `vigie check` accepts it. What
 * data cannot tell (model, monitor, promotion) gets usual values.
 *
 * A draft may be made of what strangers wrote: everything of it is a literal, a comment, or a legal name.
 *
 * @throws `contract_invalid`
 */
export function definitionText(draft: DefinitionDraft): string {
  refuseIllegalNames(draft)
  const tokens = usualTokens(draft.files.map(({ contract }) => contract))
  const projectTokens = projectTokensText(tokens)
  const words = new Set([
    ...ALWAYS,
    ...(projectTokens === null ? [] : ['csv']),
    ...draft.files.flatMap((file) => [...fileWords(file, tokens), ...(file.contract.rules ?? []).flatMap(ruleWords)]),
  ])
  const identifiers = new Identifiers(words)
  const declared = draft.files.map((file) => {
    const view = nameOf(file)
    return {
      file,
      name: identifiers.take(view, file.role.kind),
      view: RESERVED_VIEWS.includes(view) ? `${view}_view` : view,
    }
  })
  const entity = identifiers.take(draft.entity.key.replace(/_(id|key|no|nr|number|code|uuid|guid)$/, ''), 'entity')
  const named = (kind: FileDraft['role']['kind']) => declared.filter(({ file }) => file.role.kind === kind)
  const views = named('view')
  const sources = named('source').map(({ name }) => name)
  return `${[
    ...draft.notes.map(comment),
    ...listLines('import {', [...words].sort(), "} from 'vigie'"),
    '',
    `const ${entity} = entity({ key: ${stringLiteral(draft.entity.key)}, type: f.string()${draft.entity.listedIn === null ? '' : `, listedIn: ${stringLiteral(draft.entity.listedIn)}`} })`,
    ...declared.flatMap(({ file, name }) => [
      '',
      ...file.notes.map(comment),
      `const ${name} = ${fileText(file, entity, tokens)}`,
    ]),
    '',
    'export default defineProject({',
    `  name: ${stringLiteral(draft.name)},`,
    ...(projectTokens === null ? [] : [`  csv: ${projectTokens},`]),
    `  snapshots: ${literal({ every: 'month', ...draft.snapshots })},${draft.firstNote === null ? '' : ` ${comment(draft.firstNote)}`}`,
    ...listLines(
      '  featureViews: {',
      views.map(({ name, view }) => (name === view ? name : `${view}: ${name}`)),
      '  },',
    ),
    ...(sources.length === 0 ? [] : [`  sources: [${sources.join(', ')}],`]),
    `  label: ${named('label')[0]?.name},`,
    `  model: {`,
    `    name: ${stringLiteral(`${draft.name}_model`.slice(0, 63))},`,
    ...listLines('    features: [', selectors(views).map(stringLiteral), '    ],'),
    '    trainer: randomForest({ seed: 1 }),',
    '    holdout: stableHoldout({ fraction: 0.25 }),',
    "    metrics: ['auc', 'f1', 'accuracy', 'logLoss'],",
    '  },',
    "  monitor: { against: 'previous-snapshot', drift: evidentlyRules(), retrainWhen: share.atLeast(0.02) },",
    "  promotion: { metric: 'auc', minGain: 0.01 },",
    '})',
  ].join('\n')}\n`
}

/** Names of files, columns and views become words of the program. */
function refuseIllegalNames({ entity, files }: DefinitionDraft): void {
  const names = files.flatMap((file) => [
    file.contract.name,
    nameOf(file),
    ...file.contract.columns.map((column) => column.name),
  ])
  const illegal = [entity.key, ...names].find((name) => !isLegalName(name))
  if (illegal === undefined) return
  const value = excerptOf(illegal)
  throw new VigieError('contract_invalid', `nothing can be called "${value}"`, { rule: LEGAL_NAME, value })
}

/** On one line if it fits, else one item a line; `close` stands in the column of a block's end. */
function listLines(open: string, items: readonly string[], close: string): readonly string[] {
  const indent = /^ */.exec(open)?.[0] ?? ''
  const spaced = open.endsWith('{') ? ' ' : ''
  const line = `${open}${spaced}${items.join(', ')}${spaced}${close.trimStart()}`
  return line.length <= WIDTH ? [line] : [open, ...items.map((item) => `${indent}  ${item},`), close]
}

const nameOf = ({ contract, role }: FileDraft): string => (role.kind === 'view' ? role.name : contract.name)

const READABLE: ReadonlySet<ColumnContract['type']> = new Set(['int', 'float', 'boolean', 'category'])

/** `view.*` where a model can read all of a view under names of their own, else each feature by its name. */
function selectors(views: readonly { readonly file: FileDraft; readonly view: string }[]): readonly string[] {
  const taken = new Set<string>()
  return views.flatMap(({ file, view }) => {
    if (file.role.kind === 'view' && !file.role.online) return []
    const columns = declaredColumns(file)
    const features = columns.filter((column) => READABLE.has(column.type) && !taken.has(column.name))
    for (const feature of features) taken.add(feature.name)
    const all = features.length > 0 && features.length === columns.length
    return all ? [`${view}.*`] : features.map((feature) => `${view}.${feature.name}`)
  })
}
