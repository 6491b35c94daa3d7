import type { SourceContract } from '../contract.ts'
import { isLegalName, LEGAL_NAME } from '../legal-name.ts'
import { excerptOf } from './excerpt.ts'
import { nearest, plainForm } from './nearest.ts'
import { refusal } from './refusal.ts'

const OTHER_DELIMITERS = /[;\t|]/

/**
 * Compares the names in the first line with the contract. Their order is free, their spelling is not. Throws
 * `delimiter`, `header_missing`, `duplicate_column`, `column_missing`, `column_invalid` or `column_unexpected`.
 */
export function checkHeader(file: string, names: readonly string[], contract: SourceContract): void {
  const declared = [...contract.columns.map((column) => column.name), ...contract.unused]
  refuseOtherDelimiter(file, names, declared)
  refuseNoHeader(file, names, declared)
  refuseRepeated(file, names)
  refuseMissing(file, names, declared)
  for (const name of names) {
    if (declared.includes(name)) continue
    if (!isLegalName(name)) {
      throw refusal('column_invalid', file, {
        text: `a column cannot be called "${excerptOf(name)}"`,
        rule: LEGAL_NAME,
        value: excerptOf(name),
        line: 1,
      })
    }
    if (contract.extra === 'reject') {
      throw refusal('column_unexpected', file, {
        text: `the definition does not know the column "${name}"`,
        rule: `${file} has the columns of the definition and no others`,
        value: name,
        line: 1,
        column: name,
      })
    }
  }
}

function refuseOtherDelimiter(file: string, names: readonly string[], declared: readonly string[]): void {
  const [only = ''] = names
  const delimiter = OTHER_DELIMITERS.exec(only)?.[0]
  if (names.length > 1 || delimiter === undefined) return
  const parts = only.split(delimiter)
  if (!hasDeclared(parts, declared)) return
  throw refusal('delimiter', file, {
    text: `columns are separated by "${excerptOf(delimiter)}"`,
    rule: 'columns are separated by commas',
    value: excerptOf(only),
    line: 1,
  })
}

function refuseNoHeader(file: string, names: readonly string[], declared: readonly string[]): void {
  if (hasDeclared(names, declared)) return
  throw refusal('header_missing', file, {
    text: 'the first line holds none of the column names',
    rule: `the first line names the columns: ${declared.join(', ')}`,
    value: excerptOf(names.join(',')),
    line: 1,
  })
}

/** True when at least one name is declared, but for case and punctuation. */
function hasDeclared(names: readonly string[], declared: readonly string[]): boolean {
  const plain = new Set(declared.map(plainForm))
  return names.some((name) => plain.has(plainForm(name)))
}

function refuseRepeated(file: string, names: readonly string[]): void {
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(name)) {
      throw refusal('duplicate_column', file, {
        text: `the header names "${excerptOf(name)}" twice`,
        rule: 'a header names each column once',
        value: excerptOf(name),
        line: 1,
      })
    }
    seen.add(name)
  }
}

function refuseMissing(file: string, names: readonly string[], declared: readonly string[]): void {
  const missing = declared.filter((name) => !names.includes(name))
  const [first] = missing
  if (first === undefined) return
  const unknown = names.filter((name) => !declared.includes(name))
  const meant = nearest(first, unknown)
  const others = missing.length > 1 ? ` (and ${missing.length - 1} more: ${missing.slice(1).join(', ')})` : ''
  throw refusal('column_missing', file, {
    text: `the column "${first}" is missing${others}${meant === null ? '' : `; there is "${excerptOf(meant)}"`}`,
    rule: 'the header names every column of the definition, in exactly its spelling',
    value: excerptOf(names.join(',')),
    line: 1,
    column: first,
    hint: meant === null ? undefined : `Rename the column "${excerptOf(meant)}" to "${first}".`,
  })
}
