import path from 'node:path'
import { type Command, Option } from 'commander'
import { readParquetPredictions } from '../../adapters/duckdb/read-predictions.ts'
import { workerThreads } from '../../adapters/threads/threads.ts'
import type { PredictionColumns } from '../../domain/evaluation/predictions.ts'
import type { TargetKind } from '../../domain/policy.ts'
import { VigieError } from '../../errors.ts'
import { evaluateFile } from '../../loop/evaluate-file.ts'
import { renderHtml } from '../../report/evaluation/render.ts'
import { VERSION } from '../../version.ts'
import { does } from '../command.ts'
import { evaluationLines } from '../evaluation-lines.ts'
import { requireNew, writeNew } from './write-new.ts'

export function evaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .argument('<file>', 'predictions with what came true: .csv, .csv.gz or .parquet')
    .description('how good are the predictions of a file, and how sure is that? needs no project')
    .requiredOption('--label <column>', 'what came true')
    .requiredOption('--score <columns>', 'the predictions; one column, or one a class: p_a,p_b,p_c')
    .option('--against <columns>', 'the predictions of another model on the same rows, to be beaten')
    .option('--entity <column>', 'rows with the same value belong together: they are one draw of chance')
    .option('--weight <column>', 'how much each row counts, at least 0')
    .option('--slices <columns>', 'the same for each value of these columns: plan,region')
    .option('--threshold <number>', 'class 1 is a score above it; default: 0.5')
    .option('--positive <label>', 'which label is class 1, when labels are not 0 and 1 or true and false')
    .option('--classes <labels>', 'the labels in the order of the score columns: a,b,c')
    .addOption(new Option('--task <kind>', 'what the labels are, when it cannot be told').choices([...TASKS]))
    .option('--html <file>', 'also write a page with curves, for a person')
    .addHelpText(
      'after',
      `
Every metric comes with its 95 % interval: DeLong's for AUC, the delta method
for means, F1 and RMSE, and resampling of entities for what has no formula. With
--against the gain is told from the pair, row by row, which is surer than two
intervals beside each other. Scores outside 0 to 1 are judged by their order
only. What is not said and is taken instead is printed.

  churned,p_new,p_old,plan,user
  1,0.83,0.61,basic,u17
  0,0.20,0.35,family,u18

  vigie evaluate scored.csv --label churned --score p_new
  vigie evaluate scored.csv --label churned --score p_new --against p_old \\
    --entity user --slices plan --html evaluation.html
  vigie evaluate animals.parquet --label kind --score p_cat,p_dog,p_bird \\
    --classes cat,dog,bird
  vigie evaluate rents.csv.gz --label rent --score predicted --json

Exit status: 0 done, 2 wrong use, 3 the file cannot be evaluated.`,
    )
  does(command, async ({ output }, [file = ''], options) => {
    const columns = columnsOf(options)
    await requireNew(options.html)
    const compute = workerThreads()
    try {
      output.progress('reading')
      const predictions = file.endsWith('.parquet')
        ? await readParquetPredictions(file, columns)
        : await compute.run('readPredictions', { file, columns })
      output.progress(`evaluating ${predictions.rows} rows`)
      const report = await evaluateFile(compute, predictions, {
        file: path.basename(file),
        columns,
        task: (options.task as TargetKind | undefined) ?? null,
        positive: text(options.positive),
        classes: options.classes === undefined ? null : list(options.classes),
        threshold: threshold(options.threshold),
        curves: options.html !== undefined,
        generatedBy: `Vigie ${VERSION}`,
      })
      output.progress(null)
      const html = options.html === undefined ? null : await writeNew(renderHtml(report), options.html)
      const { curves, ...document } = report
      output.result({ ...document, html }, () => evaluationLines(report, output.pen, html))
    } finally {
      await compute.close()
    }
    return 0
  })
}

const TASKS = ['binary', 'classes', 'number'] as const

type Given = string | boolean | undefined

function columnsOf(options: Readonly<Record<string, Given>>): PredictionColumns {
  const score = list(options.score)
  const against = list(options.against)
  if (against.length > 0 && against.length !== score.length) {
    throw new VigieError('wrong_use', `--score names ${score.length} columns, --against ${against.length}`, {
      rule: 'both models have as many score columns',
      value: `${score.length} and ${against.length}`,
    })
  }
  return {
    label: String(options.label),
    score,
    against,
    weight: text(options.weight),
    entity: text(options.entity),
    slices: list(options.slices),
  }
}

const text = (given: Given): string | null => (typeof given === 'string' ? given : null)

/** Names separated by commas. */
function list(given: Given): readonly string[] {
  return typeof given === 'string' ? given.split(',').filter((name) => name !== '') : []
}

function threshold(given: Given): number | null {
  if (given === undefined) return null
  const value = Number(given)
  if (given !== '' && Number.isFinite(value)) return value
  throw new VigieError('wrong_use', `--threshold ${given} is no number`, {
    rule: 'a threshold is a number',
    value: String(given),
  })
}
