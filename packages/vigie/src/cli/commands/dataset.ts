import type { Command } from 'commander'
import { frameCsv } from '../../domain/frame-csv.ts'
import { does } from '../command.ts'
import { count } from '../output.ts'
import { versionNumber } from './options.ts'
import { writeNew } from './write-new.ts'

export function dataset(program: Command): void {
  const command = program
    .command('dataset')
    .argument('<version>', 'version of the model, as 2 or v2')
    .description('rebuild the rows that a version was trained on, and prove that they are the same bit for bit')
    .option('--out <file>', 'also write them as CSV')
    .addHelpText(
      'after',
      `
Each version pins the snapshots that its rows were read from and how they were read.
Corrections, late months and other definitions change nothing of it.
  vigie dataset 3 --out v3-rows.csv
Exit 3 when the history no longer gives the rows.`,
    )
  does(command, async ({ output, house, project: load }, [text = ''], options) => {
    const version = versionNumber(text, await load())
    const { ports, project } = await house()
    const { rebuildTrainingSet } = await import('../../loop/training-set.ts')
    const { rows, label, weight, ...set } = await rebuildTrainingSet(ports, project, version)
    const names = { key: project.entity.key, label, weight }
    const out = await writeNew(frameCsv(rows, names), options.out)
    const result = { ...set, rows: rows.keys.length, features: rows.spec.map(({ name }) => name), out }
    output.result(result, () => [
      `${output.pen.mark('ok')} v${version}: ${count(result.rows)} rows of ${set.asOf}, the same bit for bit`,
      `  rows hash  ${set.rowsHash}`,
      `  known at   ${set.knownAt}`,
      ...(set.definition === 'same' ? [] : ['  the definition has changed since; the rows have not']),
      ...(out === null ? [] : [`  written    ${out}`]),
    ])
    return 0
  })
}
