import type { VigieError } from '../../errors.ts'
import { BROKEN_EXAMPLES, BROKEN_RULES, type BrokenRule, type Severity } from '../contract.ts'
import type { Finding } from './check.ts'
import { refusal } from './refusal.ts'

/** One rule of a column, or between columns, that at least one row breaks. */
class Group {
  readonly finding: Finding
  readonly column: string | null
  readonly severity: Severity
  readonly hint: string | undefined
  readonly examples: { readonly line: number; readonly value: string }[] = []
  rows = 0
  /** True when a row that breaks it cannot be left out. */
  fatal = false

  constructor(finding: Finding, column: string | null, severity: Severity, value: string) {
    this.finding = finding
    this.column = column
    this.severity = severity
    this.hint = finding.hint ?? finding.hintFor?.(value)
  }
}

/**
 * Collects what rows break, rule by rule in the order in which each was first broken: how many rows, and examples. Its
 * size does not grow with the file.
 */
export class BrokenRules {
  readonly #source: string
  readonly #groups = new Map<string, Group>()
  /** The same by column and finding: a file may have millions of broken values, and most findings are one object. */
  readonly #known = new Map<string | null, WeakMap<Finding, Group>>()
  readonly #ofFile: BrokenRule[] = []

  constructor(source: string) {
    this.#source = source
  }

  /** True when another value that breaks the rule would only be counted. */
  isFull(finding: Finding, column: string | null): boolean {
    return (this.#group(finding, column)?.examples.length ?? 0) >= BROKEN_EXAMPLES
  }

  /** Counts one row. `fatal` says that it cannot be left out. */
  add(
    finding: Finding,
    {
      column,
      severity,
      line,
      value,
      fatal,
    }: {
      readonly column: string | null
      readonly severity: Severity
      readonly line: number
      readonly value: string
      readonly fatal: boolean
    },
  ): void {
    let group = this.#group(finding, column)
    if (!group) {
      // A file that breaks that many rules is refused, whatever else it breaks; it has to be refused all the same.
      if (this.#groups.size >= BROKEN_RULES && !fatal) return
      group = new Group(finding, column, severity, value)
      this.#groups.set(keyOf(finding, column), group)
    }
    group.rows++
    if (fatal) group.fatal = true
    if (group.examples.length < BROKEN_EXAMPLES) group.examples.push({ line, value })
  }

  #group(finding: Finding, column: string | null): Group | undefined {
    let known = this.#known.get(column)
    if (!known) {
      known = new WeakMap()
      this.#known.set(column, known)
    }
    const before = known.get(finding)
    if (before) return before
    const group = this.#groups.get(keyOf(finding, column))
    if (group) known.set(finding, group)
    return group
  }

  /** Adds a broken rule about the whole file. They are told behind those about rows. */
  addOfFile(rule: BrokenRule): void {
    this.#ofFile.push(rule)
  }

  /** The broken rules of a severity, or all. */
  list(severity?: Severity): readonly BrokenRule[] {
    return [...Array.from(this.#groups.values(), (group) => this.#told(group)), ...this.#ofFile]
      .filter((rule) => severity === undefined || rule.severity === severity)
      .slice(0, BROKEN_RULES)
  }

  /**
   * The error for the first rule that is broken by a row which cannot be left out, or by the whole file; null when there
   * is none. It tells all.
   */
  refusal(): VigieError | null {
    const groups = Array.from(this.#groups.values())
    const fatal = groups.find((group) => group.fatal)
    const first = fatal ? this.#told(fatal) : this.#ofFile.find((rule) => rule.severity === 'reject')
    if (!first) return null
    const others = [
      ...groups.filter((group) => group !== fatal).map((group) => this.#told(group)),
      ...this.#ofFile.filter((rule) => rule !== first),
    ]
    const { code, text, rule, value, column, hint, examples } = first
    return refusal(code, `${this.#source}.csv`, {
      text,
      rule,
      value,
      line: examples[0]?.line ?? undefined,
      column: column ?? undefined,
      hint,
      broken: [first, ...others].slice(0, BROKEN_RULES),
    })
  }

  #told({ finding: { code, rule, text }, column, severity, hint, examples, rows }: Group): BrokenRule {
    const value = examples[0]?.value ?? ''
    return {
      code,
      source: this.#source,
      column,
      rule,
      severity,
      text: code === 'row_rule' ? `"${rule}" is broken by ${value}` : `${column} "${value}" ${text}`,
      value,
      rows,
      examples,
      ...(hint === undefined ? {} : { hint }),
    }
  }
}

const keyOf = ({ code, rule }: Finding, column: string | null): string => `${column ?? ''} ${code} ${rule}`
