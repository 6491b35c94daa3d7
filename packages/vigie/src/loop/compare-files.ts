import type { FileColumn, FileColumnType } from '../domain/drift/file-column.ts'
import { inferredType } from '../domain/drift/file-column.ts'
import type { AskedTests, FileColumnDrift } from '../domain/drift/file-column-drift.ts'
import type { FileSchema } from '../domain/drift/file-schema.ts'
import { VigieError } from '../errors.ts'
import type { Compute } from '../ports/compute.ts'
import type { FileDriftReport } from '../report/file-drift/model.ts'

/** From this share of drifted columns on, Evidently says that the data set has drifted. */
const DRIFT_SHARE = 0.5

export interface FilePeriod {
  /** To be shown. */
  readonly file: string
  readonly columns: readonly FileColumn[]
}

/**
 * Compares two files column by column as Evidently 0.7 does by default. Needs no project. The columns are judged in worker
 * threads. A column that is in one file only, or that cannot be judged, is listed and in no share.
 *
 * @throws `column_missing` when the files have no column in common, or the schema names one that is in neither
 */
export async function compareFiles(
  compute: Compute,
  {
    reference,
    current,
    schema,
    tests,
    generatedBy,
  }: {
    readonly reference: FilePeriod
    readonly current: FilePeriod
    /** Null: types are inferred from the current file. */
    readonly schema: FileSchema | null
    readonly tests: AskedTests
    readonly generatedBy: string
  },
  onProgress: (share: number) => void = () => undefined,
): Promise<FileDriftReport> {
  const before = byName(reference)
  const now = byName(current)
  refuseUnknown(schema, [reference, current])
  const all = [...new Set([...now.keys(), ...before.keys()])]
  const names = schema === null ? all : all.filter((name) => schema.has(name))
  if (!names.some((name) => before.has(name) && now.has(name))) throw nothingInCommon(reference, current)
  let done = 0
  const columns = await Promise.all(
    names.map(async (name) => {
      const [was, is] = [before.get(name), now.get(name)]
      const type = schema?.get(name) ?? inferredType((is ?? was)!)
      const found =
        was && is
          ? await compute.run('fileColumnDrift', { type, reference: was, current: is, tests })
          : inOneFile(name, type, was ? reference.file : current.file, was ? 'reference' : 'current')
      onProgress(++done / names.length)
      return found
    }),
  )
  const judged = columns.flatMap((column) => column.judged ?? [])
  const count = judged.filter(({ drifted }) => drifted).length
  const share = judged.length === 0 ? null : count / judged.length
  return {
    mode: 'parity',
    reference: { file: reference.file, rows: reference.columns[0]!.rows },
    current: { file: current.file, rows: current.columns[0]!.rows },
    columns,
    report: { count, share, drifted: share === null ? null : share >= DRIFT_SHARE },
    notTestable: columns.flatMap(({ name, error }) =>
      error === null ? [] : [{ name, code: error.code, why: error.message }],
    ),
    ignored: all.filter((name) => !names.includes(name)),
    generatedBy,
  }
}

const byName = ({ columns }: FilePeriod) => new Map(columns.map((column) => [column.name, column]))

function inOneFile(name: string, type: FileColumnType, file: string, side: string): FileColumnDrift {
  const error = { code: 'column_missing', message: `it is only in the ${side} file, ${file}` } as const
  return { name, type, defaultTest: null, tests: {}, error, judged: null }
}

function refuseUnknown(schema: FileSchema | null, periods: readonly FilePeriod[]): void {
  const there = new Set(periods.flatMap(({ columns }) => columns.map(({ name }) => name)))
  const unknown = [...(schema?.keys() ?? [])].filter((name) => !there.has(name))
  if (unknown.length === 0) return
  throw new VigieError('column_missing', `the schema names columns that are in neither file: ${shown(unknown)}`, {
    rule: 'each column of the schema is in one of the files at least',
    value: shown(unknown),
    hint: 'Name the columns as the files do.',
  })
}

function nothingInCommon(reference: FilePeriod, current: FilePeriod): VigieError {
  const names = ({ columns }: FilePeriod) => shown(columns.map(({ name }) => name))
  return new VigieError('column_missing', `${reference.file} and ${current.file} have no column to compare in common`, {
    rule: 'columns with the same name are compared',
    value: `${names(reference)} against ${names(current)}`,
    hint: 'Give two files with the same columns, and a header each.',
  })
}

function shown(names: readonly string[]): string {
  const first = names.slice(0, 10).join(', ').slice(0, 200)
  return names.length > 10 ? `${first} and ${names.length - 10} more` : first
}
