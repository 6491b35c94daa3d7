import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Command } from 'commander'
import { readParquetColumns } from '../../adapters/duckdb/read-columns.ts'
import { workerThreads } from '../../adapters/threads/threads.ts'
import { driftTests, type TestName } from '../../domain/drift/drift-tests.ts'
import type { AskedTests } from '../../domain/drift/file-column-drift.ts'
import { type FileSchema, fileSchema } from '../../domain/drift/file-schema.ts'
import { VigieError } from '../../errors.ts'
import { compareFiles } from '../../loop/compare-files.ts'
import type { Compute } from '../../ports/compute.ts'
import { fileDriftDocument } from '../../report/file-drift/document.ts'
import { renderHtml } from '../../report/file-drift/render.ts'
import { VERSION } from '../../version.ts'
import { does } from '../command.ts'
import { driftLines } from '../drift-lines.ts'
import { requireNew, writeNew } from './write-new.ts'

export function drift(program: Command): void {
  const command = program
    .command('drift')
    .argument('<ref>', 'what is known to be right: .csv, .csv.gz or .parquet')
    .argument('<cur>', 'what is compared with it')
    .description('do the columns of two files look different? needs no project')
    .option('--schema <file>', 'types of the columns, as JSON; default: inferred')
    .option('--mode <mode>', 'how drift is judged: parity, as Evidently does', 'parity')
    .option('--tests <names>', 'auto, all, or names: ks,psi', 'auto')
    .option('--html <file>', 'also write a page with distributions, for a person')
    .option('--fail-on-drift', 'exit status 3 when a column drifted or none could be judged')
    .addHelpText(
      'after',
      `
Each column that both files have is judged by one test, which Evidently 0.7
would choose: by its type, the rows of the reference and its distinct values.
More --tests stand beside it, each on the columns it is made for, and change no
verdict. Nulls are dropped first. A column that cannot be judged is listed, and
is in no share.

Without --schema a type is inferred from the current file as Evidently infers
it: integers of at most 10 values and repeated texts are labels. With it, only
the columns that it names are compared:
  {"columns": {"age": "num", "plan": "cat", "comment": "text"}}

  vigie drift january.csv february.csv
  vigie drift january.parquet february.csv.gz --schema schema.json \\
    --html drift.html
  vigie drift january.csv february.csv --tests ks,psi --json
  vigie drift january.csv february.csv --fail-on-drift && deploy

Tests of numbers and labels: jensenshannon psi kl_div hellinger
Tests of numbers: ks wasserstein anderson cramer_von_mises mannw t_test ed es
                  empirical_mmd
Tests of labels: chisquare z fisher_exact g_test TVD

Exit status: 0 done, 2 wrong use, 3 the files cannot be compared, or drift with
--fail-on-drift.`,
    )
  does(command, async ({ output }, [reference = '', current = ''], options) => {
    refuseOtherModes(String(options.mode))
    const tests = testsOf(String(options.tests))
    await requireNew(options.html)
    const schema = typeof options.schema === 'string' ? await readSchema(options.schema) : null
    const compute = workerThreads()
    try {
      output.progress('reading')
      const [before, now] = await Promise.all([columnsOf(compute, reference), columnsOf(compute, current)])
      output.progress('comparing')
      const report = await compareFiles(
        compute,
        {
          reference: { file: path.basename(reference), columns: before },
          current: { file: path.basename(current), columns: now },
          schema,
          tests,
          generatedBy: `Vigie ${VERSION}`,
        },
        (share) => output.progress(`comparing, ${Math.floor(100 * share)} % of the columns`),
      )
      output.progress(null)
      const html = options.html === undefined ? null : await writeNew(renderHtml(report), options.html)
      output.result({ ...fileDriftDocument(report), html }, () => driftLines(report, output.pen, html))
      const { count, share } = report.report
      return options.failOnDrift === true && (count > 0 || share === null) ? 3 : 0
    } finally {
      await compute.close()
    }
  })
}

function columnsOf(compute: Compute, file: string) {
  return file.endsWith('.parquet') ? readParquetColumns(file) : compute.run('readColumns', { file })
}

function refuseOtherModes(mode: string): void {
  if (mode === 'parity') return
  throw new VigieError('wrong_use', `--mode ${mode} is not there: only parity is`, {
    rule: '--mode is parity, the rules of Evidently',
    value: mode,
    hint: 'Leave --mode out.',
  })
}

function testsOf(given: string): AskedTests {
  if (given === 'auto' || given === 'all') return given
  const names = given.split(',').filter((name) => name !== '')
  const unknown = names.find((name) => !Object.hasOwn(driftTests, name))
  if (unknown === undefined && names.length > 0) return names as TestName[]
  throw new VigieError('wrong_use', `--tests ${given}: there is no test "${unknown ?? ''}"`, {
    rule: `--tests is auto, all, or some of ${Object.keys(driftTests).join(',')}`,
    value: given,
    hint: 'See `vigie drift --help` for which test is for what.',
  })
}

async function readSchema(file: string): Promise<FileSchema> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new VigieError('wrong_use', `${file} cannot be read: ${code}`, { rule: '--schema names a file', file, cause })
  }
  return fileSchema(text, path.basename(file))
}
