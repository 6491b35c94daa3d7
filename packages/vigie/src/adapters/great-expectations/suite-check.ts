import type { BrokenRule, SourceContract } from '../../domain/contract.ts'
import { CsvCheck } from '../../domain/csv/csv-check.ts'
import { hasCode } from '../../errors.ts'
import type { Demands } from './demands.ts'
import { FileCounts } from './file-counts.ts'
import { demandsOf, fileOf } from './import-suite.ts'
import type { Expectation } from './suite.ts'

/** What Great Expectations says of one expectation, in its words; of one that cannot be asked here, why. */
interface ExpectationResult {
  readonly success: boolean
  readonly expectation_config: Expectation & { readonly meta: object }
  readonly result: Readonly<Record<string, unknown>>
  readonly meta: object
  readonly exception_info: {
    readonly raised_exception: boolean
    readonly exception_message: string | null
    readonly exception_traceback: null
  }
}

/** A validation result of Great Expectations 1.x, as tools that read them expect it. */
export interface SuiteResult {
  readonly success: boolean
  readonly results: readonly ExpectationResult[]
  readonly suite_name: string
  readonly suite_parameters: object
  readonly statistics: {
    readonly evaluated_expectations: number
    readonly successful_expectations: number
    readonly unsuccessful_expectations: number
    readonly success_percent: number | null
  }
  readonly meta: object
}

/** An expectation, and what its demands alone make of the file. */
interface Asked {
  readonly expectation: Expectation
  readonly demands: Demands
  readonly contract: SourceContract
  readonly check: CsvCheck
  /** Why it has no words here; null when it has. */
  readonly unsaid: string | null
  broken: readonly BrokenRule[]
}

/**
 * Holds a file against each expectation of a suite by itself, chunk by chunk, in one pass. The rules are those that
 * `importSuite` makes of them, so success means what it means there; what has no words fails with the reason, for an
 * expectation that was not asked is not met.
 */
export class SuiteCheck {
  readonly #name: string
  readonly #key: string
  readonly #asked: readonly Asked[]
  readonly #counts: FileCounts
  #fault: string | null = null

  constructor(
    suite: { readonly name: string; readonly expectations: readonly Expectation[] },
    source: string,
    key: string,
  ) {
    this.#name = suite.name
    this.#key = key
    this.#asked = suite.expectations.map((expectation) => {
      // Alone, and as critical: whether it is met does not depend on what becomes of it.
      const { demands, unexpressed } = demandsOf([{ ...expectation, severity: 'critical' }], source)
      const { contract } = fileOf(demands, source, key, unexpressed)
      return {
        expectation,
        demands,
        contract,
        check: new CsvCheck(contract),
        // How many columns a file has is counted here; a definition must name them.
        unsaid: demands.columnCounts.length > 0 ? null : (unexpressed[0]?.why ?? null),
        broken: [],
      }
    })
    const unique = this.#asked.flatMap(({ demands }) =>
      [...demands.columns].flatMap(([name, { unique: asked }]) => (asked ? [name] : [])),
    )
    this.#counts = new FileCounts(`${source}.csv`, new Set(unique))
  }

  push(chunk: Uint8Array): void {
    for (const asked of this.#asked) this.#told(asked, () => void asked.check.push(chunk))
    this.#counted(() => this.#counts.push(chunk))
  }

  end(): SuiteResult {
    for (const asked of this.#asked)
      this.#told(asked, () => (asked.broken = [...asked.broken, ...asked.check.end().held]))
    this.#counted(() => this.#counts.end())
    const results = this.#asked.map((asked) => this.#result(asked))
    const successful = results.filter(({ success }) => success).length
    return {
      success: successful === results.length,
      results,
      suite_name: this.#name,
      suite_parameters: {},
      statistics: {
        evaluated_expectations: results.length,
        successful_expectations: successful,
        unsuccessful_expectations: results.length - successful,
        success_percent: results.length === 0 ? null : (100 * successful) / results.length,
      },
      meta: { validated_by: 'vigie' },
    }
  }

  #told(asked: Asked, work: () => void): void {
    if (asked.broken.length > 0) return
    try {
      work()
    } catch (error) {
      if (!hasCode(error)) throw error
      asked.broken = (error.details.broken as readonly BrokenRule[] | undefined) ?? []
    }
  }

  /** What is no CSV is nothing that an expectation could be asked of. */
  #counted(work: () => void): void {
    if (this.#fault !== null) return
    try {
      work()
    } catch (error) {
      if (!hasCode(error)) throw error
      this.#fault = `${error.code}: ${error.message}`
    }
  }

  #result(asked: Asked): ExpectationResult {
    const { expectation, unsaid } = asked
    const reason = this.#fault ?? unsaid
    const { success, result } = reason === null ? this.#judged(asked) : { success: false, result: {} }
    return {
      success,
      expectation_config: { ...expectation, meta: {} },
      result,
      meta: {},
      exception_info: { raised_exception: reason !== null, exception_message: reason, exception_traceback: null },
    }
  }

  #judged({ expectation, demands, broken }: Asked): {
    readonly success: boolean
    readonly result: ExpectationResult['result']
  } {
    const { rows } = this.#counts
    if (demands.rowCount !== null) {
      const { min, max } = demands.rowCount
      return { success: rows >= (min ?? 0) && rows <= (max ?? rows), result: { observed_value: rows } }
    }
    const [columns] = demands.columnCounts
    if (columns !== undefined) {
      return { success: this.#counts.columns === columns, result: { observed_value: this.#counts.columns } }
    }
    const { column } = expectation.kwargs
    const about = typeof column === 'string' ? column : null
    const isAboutNulls = /null/.test(expectation.type)
    // The key has rules of its own, which this expectation did not ask for.
    const own = broken.filter(
      (rule) =>
        rule.column !== this.#key || (about === this.#key && isAboutNulls === (rule.code === 'null_not_allowed')),
    )
    if (about === null) {
      const unexpected = own.reduce((sum, rule) => sum + (rule.rows ?? 0), 0)
      return { success: own.length === 0, result: { element_count: rows, unexpected_count: unexpected } }
    }
    const repeated = demands.columns.get(about)?.unique ? this.#counts.repeated(about) : 0
    const nulls = this.#counts.nulls(about)
    const unexpected = own.reduce((sum, rule) => sum + (rule.rows ?? 0), 0) + (repeated ?? 0)
    const asked = isAboutNulls ? rows : rows - nulls
    return {
      success: own.length === 0 && repeated === 0,
      result: {
        element_count: rows,
        unexpected_count: isAboutNulls ? nulls : unexpected,
        unexpected_percent: asked === 0 ? null : (100 * (isAboutNulls ? nulls : unexpected)) / asked,
        ...(isAboutNulls ? {} : { missing_count: nulls, missing_percent: rows === 0 ? null : (100 * nulls) / rows }),
        partial_unexpected_list: own.flatMap(({ examples }) => examples.map(({ value }) => value)).slice(0, 20),
      },
    }
  }
}
