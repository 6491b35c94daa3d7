import { z } from 'zod'
import { gates as defaultGates } from '../../define/gates.ts'
import type { RowRule, Severity, SourceContract } from '../../domain/contract.ts'
import { excerptOf } from '../../domain/csv/excerpt.ts'
import type { Gates } from '../../domain/gates/gates.ts'
import { isLegalName, LEGAL_NAME } from '../../domain/legal-name.ts'
import { completeDraft } from '../../domain/proposal/complete-draft.ts'
import {
  type FileDraft,
  type FileRole,
  type ImportedDraft,
  plainView,
  type Unexpressed,
} from '../../domain/proposal/draft.ts'
import { legalised } from '../../domain/proposal/file-profile.ts'
import { VigieError } from '../../errors.ts'
import { odcsDocument, type Quality, type SchemaObject } from './document.ts'
import { importProperty, operatorText, ownTerms } from './import-property.ts'
import { type FileTerms, fileTerms, projectTerms, ruleTerms, VIGIE } from './vigie-terms.ts'

/**
 * A document of the Open Data Contract Standard 3 as a draft of a definition. One that `exportContract` made gives the
 * same contracts again; from any other, what has no words here is listed, and what is missing (a label, a date) is to be
 * filled in.
 *
 * @throws `contract_invalid`
 */
export function importContract(
  parsed: unknown,
  given: { readonly key: string | undefined; readonly first: string; readonly firstNote: string },
): ImportedDraft {
  const document = odcsDocument.safeParse(parsed)
  if (!document.success) throw invalidContract(document.error)
  const { schema, customProperties, id, name = id } = document.data
  try {
    const terms = ownTerms(customProperties, projectTerms)
    const unexpressed: Unexpressed[] = []
    const key = given.key ?? commonKey(schema)
    const files = schema.flatMap((object) => importObject(object, key, unexpressed) ?? [])
    const draft = completeDraft({
      name: legalised(name) ?? 'project',
      snapshots: terms?.snapshots ?? { first: given.first },
      firstNote: terms ? null : given.firstNote,
      key,
      files,
    })
    return { draft, unexpressed }
  } catch (error) {
    throw error instanceof z.ZodError ? invalidContract(error) : error
  }
}

function invalidContract(error: z.ZodError): VigieError {
  const [issue] = error.issues
  const place = issue?.path.map(String).join('.') || 'the document'
  return new VigieError('contract_invalid', `${place}: ${issue?.message}`, {
    rule: 'a contract is an Open Data Contract Standard 3 document',
    value: excerptOf(place),
    cause: error,
  })
}

/** The column that is the first part of the primary key in most objects. */
function commonKey(schema: readonly SchemaObject[]): string {
  const keys = schema.flatMap((object) => {
    const parts = (object.properties ?? []).filter(({ primaryKey }) => primaryKey === true)
    const first = parts.toSorted((a, b) => (a.primaryKeyPosition ?? 0) - (b.primaryKeyPosition ?? 0))[0]
    return first ? [first.name] : []
  })
  const often = keys.map((key) => ({ key, objects: keys.filter((other) => other === key).length }))
  const best = often.toSorted((a, b) => b.objects - a.objects)[0]
  if (best) return best.key
  throw new VigieError('no_entity_key', 'no property of the contract is a primary key', {
    rule: 'the key is the primary key of the schema objects',
    value: schema
      .map((object) => excerptOf(object.name))
      .join(', ')
      .slice(0, 200),
  })
}

function importObject(object: SchemaObject, key: string, unexpressed: Unexpressed[]): FileDraft | null {
  const { name, properties = [], quality = [] } = object
  const cannot = (rule: string, why: string) => unexpressed.push({ place: name, rule, why })
  const illegal = [name, ...properties.map((property) => property.name)].find((each) => !isLegalName(each))
  if (illegal !== undefined) {
    cannot(`the name "${excerptOf(illegal)}"`, `${LEGAL_NAME}; the file is left out`)
    return null
  }
  if (!properties.some((property) => property.name === key)) {
    cannot('the whole file', `it has no column ${key}; left out`)
    return null
  }
  const terms = ownTerms(object.customProperties, fileTerms)
  const columns = properties.flatMap((property) => importProperty(property, name, unexpressed) ?? [])
  const nulls = [...new Set(columns.flatMap((column) => column.nulls))]
  const rules = quality.flatMap((check) => ruleOf(check) ?? [])
  unsaidKeys(object, key, times(object, key, terms), cannot)
  const listed = properties.find((property) => property.name === key)?.relationships?.[0]?.to
  const contract: SourceContract = {
    name,
    key,
    ...times(object, key, terms),
    columns: columns
      .filter(({ unused }) => !unused)
      .map(({ column }) => (column.name === key ? { name: key, type: 'string', optional: false } : column)),
    unused: columns.filter(({ unused }) => unused).map(({ column }) => column.name),
    extra: terms?.extra ?? 'reject',
    nulls: terms?.nulls ?? (nulls.length > 0 ? nulls : ['']),
    booleans: terms?.booleans ?? { true: ['True', 'true'], false: ['False', 'false'] },
    listedIn: typeof listed === 'string' && listed.endsWith(`.${key}`) ? listed.slice(0, -key.length - 1) : null,
    ...(rules.length > 0 ? { rules } : {}),
    ...(terms?.asOfColumn === undefined ? {} : { asOfColumn: terms.asOfColumn }),
    ...(terms?.badRows === undefined ? {} : { badRows: terms.badRows }),
  }
  const role = (terms?.role as FileRole | undefined) ?? plainView(name)
  if (role.kind === 'label' && !contract.columns.some((column) => column.name === role.column)) {
    throw new VigieError('contract_invalid', `the label of "${name}" is no column of it`, {
      rule: 'the label is a column of its file',
      value: excerptOf(role.column),
    })
  }
  const gates = { ...(terms?.gates ?? defaultGates()), rowCount: rowCountOf(quality, key, cannot) }
  return {
    contract,
    role,
    gates,
    notes: described(object),
    columnNotes: {},
  }
}

/** Parts of a primary key that are no time, and references between files that are not about the key. */
function unsaidKeys(
  { properties = [], relationships = [] }: SchemaObject,
  key: string,
  { eventTime, createdTime }: Pick<SourceContract, 'eventTime' | 'createdTime'>,
  cannot: (rule: string, why: string) => void,
): void {
  const parts = properties.filter(({ primaryKey }) => primaryKey === true).map(({ name }) => name)
  const others = parts.filter((name) => name !== key && name !== eventTime && name !== createdTime)
  if (others.length > 0) {
    cannot(
      `primary key (${parts.join(', ')})`,
      `a key is one column, or one with an instant: ${key} alone must be unique`,
    )
  }
  for (const { name, relationships: to = [] } of properties) {
    const unsaid = to.filter((each) => name !== key || !String(each.to).endsWith(`.${key}`))
    for (const each of unsaid)
      cannot(`${name} refers to ${excerptOf(String(each.to))}`, 'only keys are looked up in another file')
  }
  if (relationships.length > 0) {
    cannot(`${relationships.length} relationships of the whole`, 'only keys are looked up in another file')
  }
}

/** Ours by name; from others, the second part of a primary key when it is an instant. */
function times(
  { properties = [] }: SchemaObject,
  key: string,
  terms: FileTerms | undefined,
): Pick<SourceContract, 'eventTime' | 'createdTime'> {
  if (terms) return { eventTime: terms.eventTime, createdTime: terms.createdTime }
  const parts = properties.filter(({ primaryKey, name }) => primaryKey === true && name !== key)
  const time = parts.find(({ logicalType, required }) => logicalType === 'timestamp' && required === true)
  return { eventTime: time?.name ?? null, createdTime: null }
}

function ruleOf(check: Quality): RowRule | null {
  return check.type === 'custom' && check.engine === VIGIE ? (ruleTerms.parse(check.implementation) as RowRule) : null
}

/** The row count is a gate; every other check of a whole file is listed. */
function rowCountOf(
  checks: readonly Quality[],
  key: string,
  cannot: (rule: string, why: string) => void,
): Gates['rowCount'] {
  const bounds: { severity: Severity; min: number | null; max: number | null } = {
    severity: 'reject',
    min: null,
    max: null,
  }
  for (const check of checks) {
    if (check.engine === VIGIE) continue
    const metric = check.metric ?? check.rule
    const duplicated = check.arguments?.properties
    if (metric === 'duplicateValues' && check.mustBe === 0 && Array.isArray(duplicated) && duplicated.join() === key)
      continue
    const asked = metric === 'rowCount' ? boundsOf(check) : null
    if (asked) {
      bounds.severity = check.severity === 'warning' || check.severity === 'info' ? 'hold' : 'reject'
      bounds.min = asked.min ?? bounds.min
      bounds.max = asked.max ?? bounds.max
    } else {
      const text =
        metric ??
        `${check.type ?? 'library'} check "${excerptOf(String(check.name ?? check.description ?? '')).slice(0, 60)}"`
      cannot(`${text}${operatorText(check)}`, 'of whole files, the row count and row rules of ours have words here')
    }
  }
  return bounds.min === null && bounds.max === null ? null : bounds
}

function boundsOf(check: Quality): { readonly min?: number; readonly max?: number } | null {
  const { mustBe, mustBeGreaterOrEqualTo: atLeast, mustBeGreaterThan: above, mustBeLessOrEqualTo: atMost } = check
  const { mustBeLessThan: below, mustBeBetween: between } = check
  if (check.unit !== undefined && check.unit !== 'rows') return null
  if (typeof mustBe === 'number') return { min: mustBe, max: mustBe }
  if (Array.isArray(between)) return { min: Number(between[0]), max: Number(between[1]) }
  if (typeof atLeast === 'number') return { min: atLeast }
  if (typeof above === 'number') return { min: Math.floor(above) + 1 }
  if (typeof atMost === 'number') return { max: atMost }
  return typeof below === 'number' ? { max: Math.ceil(below) - 1 } : null
}

const described = ({ description }: SchemaObject): readonly string[] => (description ? [excerptOf(description)] : [])
