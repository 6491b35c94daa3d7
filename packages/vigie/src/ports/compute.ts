import type { AsOf } from '../domain/as-of.ts'
import type { compareModels, ModelComparison } from '../domain/comparison.ts'
import type { ComparisonDetails, comparisonDetails } from '../domain/comparison-details.ts'
import type { BrokenRule, SourceContract } from '../domain/contract.ts'
import type { DeliveredFormat } from '../domain/delivery/formats.ts'
import type { Manifest } from '../domain/delivery/manifest.ts'
import type { FileColumn } from '../domain/drift/file-column.ts'
import type { FileColumnDrift, fileColumnDrift } from '../domain/drift/file-column-drift.ts'
import type { DriftReport, driftReport } from '../domain/drift/report.ts'
import type { EvaluationCurves } from '../domain/evaluation/evaluation-curves.ts'
import type { MetricIntervals, Skipped } from '../domain/evaluation/metric-intervals.ts'
import type { PairedIntervals } from '../domain/evaluation/paired-intervals.ts'
import type { PredictionColumns, Predictions } from '../domain/evaluation/predictions.ts'
import type { Space } from '../domain/explain/explain-model.ts'
import type { Shuffling } from '../domain/explain/permutation.ts'
import type { Fingerprints, Seen } from '../domain/fingerprint.ts'
import type { Frame } from '../domain/frame.ts'
import type { Answers } from '../domain/metrics/answers.ts'
import type { Target } from '../domain/model/target.ts'
import type { MetricName } from '../domain/policy.ts'
import type { ColumnShape, NumberColumn } from '../domain/profile/number-column.ts'
import type { ColumnProfile } from '../domain/profile/table-profile.ts'
import type { FileProfile } from '../domain/proposal/file-profile.ts'
import type { BestF1 } from '../domain/threshold.ts'
import type { Trainer } from '../domain/trainer.ts'
import type { VigieError } from '../errors.ts'

/** What reading one delivered file found. */
export interface CheckedFile {
  readonly source: string
  readonly format: DeliveredFormat
  /** sha256 of the bytes as delivered, in hex. */
  readonly sha256: string
  readonly bytes: number
  /** sha256 of what is imported of them: `sha256`, or another when rows were left out. */
  readonly content: string
  /** Rows that are imported. */
  readonly rows: number
  /** Rows with broken values that the contract allows to leave out: with `rows` they are all rows of the file. */
  readonly quarantined: number
  /** The rules that those rows break. */
  readonly leftOut: readonly BrokenRule[]
  /** Broken rules that keep the delivery back until somebody approves their codes. */
  readonly held: readonly BrokenRule[]
  /** Column names in the order of the file. */
  readonly header: readonly string[]
  /** True when the file began with a byte-order mark, which is stripped. */
  readonly bom: boolean
}

export interface FittedModel {
  /** The artefact: see `domain/model/artefact.ts`. */
  readonly bytes: Uint8Array
  readonly sha256: string
  /** As it was given, with what a search found. */
  readonly trainer: Trainer
  /** Binary targets: as it was given or chosen. Null for others. */
  readonly threshold: number | null
  /** Seconds of wall time. */
  readonly seconds: number
}

/** The heavy pure work, by name. Anything that takes more than a few milliseconds is here. */
export interface Tasks {
  /**
   * Reads a file of a delivery once, in whatever form it came, and checks it. What it leaves in `stagedDir`: the bytes as
   * they came, `<sha256>.<format>`, and the text that was accepted and is to be imported, `<source>.csv`. Throws the
   * first broken rule as VigieError; a refused file is in the quarantine then.
   */
  readonly checkCsv: {
    readonly input: {
      readonly contract: SourceContract
      readonly stagedDir: string
      /** Date of the delivery, for contracts whose rows carry it. */
      readonly asOf?: AsOf
      /** What the manifest of the delivery says of its files. */
      readonly manifest?: Manifest | null
      /** Most bytes of the text. */
      readonly maxBytes?: number
    } & (
      | {
          /** Folder in which the file is called `<source>.csv`, `.csv.gz` or `.parquet`. */
          readonly dir: string
        }
      | {
          /** The file itself, named by its format. */
          readonly file: string
        }
    )
    readonly output: CheckedFile
  }
  /** Reads `manifest.json` of a delivery. Null when there is none and none is `required`. */
  readonly readManifest: {
    readonly input: { readonly dir: string; readonly asOf: AsOf | null; readonly required: boolean }
    readonly output: Manifest | null
  }
  /**
   * Keeps the copy of a refused file for whoever has to explain it to its supplier: the bytes as they came,
   * `<folder>/<sha256>.<format>`, and what was wrong as `<sha256>.json` beside them. The copy stays. Returns the path of
   * the bytes. `rows` names a CSV with the rows that were left out of a file that was otherwise taken: kept as
   * `<sha256>.rows.csv`. The oldest refused files go when there are too many.
   */
  readonly quarantine: {
    readonly input: {
      readonly folder: string
      readonly copy: string
      readonly delivered: { readonly file: string; readonly sha256: string; readonly bytes: number }
      readonly refusal: Pick<VigieError, 'code' | 'message' | 'hint' | 'details'>
      readonly rows?: string
    }
    readonly output: string
  }
  /** The shape of columns of numbers, for profiles. */
  readonly profileNumbers: {
    readonly input: readonly NumberColumn[]
    readonly output: readonly ColumnShape[]
  }
  /** What can still be read of some columns of a refused file: see `sketch-columns.ts`. In bounded memory. */
  readonly sketchColumns: {
    readonly input: { readonly file: string; readonly contract: SourceContract; readonly columns: readonly string[] }
    readonly output: readonly ColumnProfile[]
  }
  /** Reads a file of which nothing is known: what each column holds, and whether `keys` identify a row. */
  readonly profileFile: {
    readonly input: { readonly file: string; readonly name: string; readonly keys: readonly string[] }
    readonly output: FileProfile
  }
  /** The first twenty lines of a checked CSV on which a column holds one of the values, as they are written there. */
  readonly linesOf: {
    readonly input: { readonly file: string; readonly column: string; readonly values: readonly string[] }
    readonly output: readonly { readonly line: number; readonly value: string }[]
  }
  readonly fit: {
    readonly input: {
      readonly trainer: Trainer
      readonly rows: Frame
      readonly target: Target
      /** Binary targets: class 1 when the probability is above it, or how that is chosen. Null for others. */
      readonly threshold: number | BestF1 | null
      readonly trainingRowsHash: string
      readonly definitionHash: string
    }
    readonly output: FittedModel
  }
  /** The answers for each row, `outputWidth` numbers a row: see `domain/model/target.ts`. */
  readonly score: {
    readonly input: { readonly artefact: Uint8Array; readonly rows: Frame }
    readonly output: Float64Array
  }
  /**
   * What the features of a model do: the gain of their splits, and their contributions to rows that are spread over those
   * given, at most `most.rows` and so many that their node visits are at most `most.visits`. `phi` holds, row by row, for
   * each output the contributions of all features. Throws `explanation_unavailable`.
   */
  readonly explain: {
    readonly input: {
      readonly artefact: Uint8Array
      readonly rows: Frame
      readonly most: { readonly rows: number; readonly visits: number }
    }
    readonly output: {
      readonly space: Space
      readonly beforeCalibration: boolean
      readonly bases: Float64Array
      /** Indices of the rows that were explained. */
      readonly rows: Int32Array
      readonly phi: Float64Array
      /** Null for linear models. */
      readonly gain: Float64Array | null
    }
  }
  /** What a metric becomes when features are shuffled, each model on rows of its own: see `permutation.ts`. */
  readonly shuffle: {
    readonly input: Shuffling & {
      readonly parts: readonly { readonly artefact: Uint8Array; readonly rows: Frame }[]
    }
    readonly output: { readonly value: number; readonly shuffled: Float64Array }
  }
  /** Keyed hashes of the rows of one date: 8 us a row. */
  readonly fingerprints: {
    readonly input: { readonly secret: Uint8Array; readonly keys: readonly string[]; readonly asOf: AsOf }
    readonly output: Fingerprints
  }
  /** Fingerprints of the rows that a CSV file names by `key`, and by `as_of` if it has that column. */
  readonly trainingKeys: {
    readonly input: { readonly file: string; readonly key: string; readonly asOf: AsOf; readonly secret: Uint8Array }
    readonly output: { readonly fingerprints: Fingerprints; readonly rows: number }
  }
  /** What each of some models has seen of the rows of a date, by its stored fingerprints under the same secret. */
  readonly seenRows: {
    readonly input: {
      readonly training: readonly (Uint8Array | null)[]
      readonly secret: Uint8Array
      readonly keys: readonly string[]
      readonly asOf: AsOf
    }
    readonly output: readonly (Seen | null)[]
  }
  /** The 99th percentile of the time that one row takes, in milliseconds, over at most 2,000 of the rows. */
  readonly latency: {
    readonly input: { readonly artefact: Uint8Array; readonly rows: Frame }
    readonly output: { readonly p99Ms: number; readonly rows: number }
  }
  /** Inputs of two dates, column by column. */
  readonly drift: {
    readonly input: Parameters<typeof driftReport>[0]
    readonly output: DriftReport
  }
  /** A metric of one model with its two-sided 95 % interval. */
  readonly interval: {
    readonly input: { readonly metric: MetricName } & Answers
    readonly output: { readonly value: number; readonly low: number; readonly high: number }
  }
  /** All columns of a CSV file. */
  readonly readColumns: {
    readonly input: { readonly file: string }
    readonly output: readonly FileColumn[]
  }
  /** One column of two files compared. */
  readonly fileColumnDrift: {
    readonly input: Parameters<typeof fileColumnDrift>[0]
    readonly output: FileColumnDrift
  }
  /** The named columns of a CSV file of predictions. */
  readonly readPredictions: {
    readonly input: { readonly file: string; readonly columns: PredictionColumns }
    readonly output: Predictions
  }
  /** Every metric of one model with its interval. */
  readonly metricIntervals: {
    readonly input: { readonly answers: Answers; readonly entities: Int32Array; readonly skipped: Skipped }
    readonly output: MetricIntervals
  }
  /** The gain of one model's answers on another's, in every metric. */
  readonly pairedIntervals: {
    readonly input: {
      readonly score: Answers
      readonly against: Answers
      readonly entities: Int32Array
      readonly skipped: Skipped
    }
    readonly output: PairedIntervals
  }
  /** What is drawn of one model's answers, or of two. */
  readonly evaluationCurves: {
    readonly input: { readonly score: Answers; readonly against: Answers | null }
    readonly output: EvaluationCurves
  }
  /** Two models in every metric with intervals, and what they answered, to look at. */
  readonly compareDetails: {
    readonly input: Parameters<typeof comparisonDetails>[0]
    readonly output: ComparisonDetails
  }
  /** Everything numeric that the gate's evidence needs of two models' scores. */
  readonly compare: {
    readonly input: Parameters<typeof compareModels>[0]
    readonly output: ModelComparison
  }
}

/**
 * Runs tasks off the event loop, in worker threads. Results do not depend on the number of threads. Typed arrays are
 * copied or shared, never detached from the caller. Errors arrive with their `code`.
 */
export interface Compute {
  run<N extends keyof Tasks>(
    name: N,
    input: Tasks[N]['input'],
    /** Share done, 0 to 1. */
    onProgress?: (share: number) => void,
    /** Ends the task wherever it is when it is aborted: rejects with `run_cancelled`. A fit leaves nothing behind. */
    signal?: AbortSignal,
  ): Promise<Tasks[N]['output']>
  close(): Promise<void>
}
