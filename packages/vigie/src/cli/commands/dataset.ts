import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { frameCsv } from '../../domain/frame-csv.ts'
import { VigieError } from '../../errors.ts'
import { does } from '../command.ts'
import { count } from '../output.ts'
import { versionNumber } from './options.ts'

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
    const { rows, ...set } = await rebuildTrainingSet(ports, project, version)
    const out = typeof options.out === 'string' ? options.out : null
    if (out !== null) {
      const names = { key: project.entity.key, label: project.label.column }
      await pipeline(Readable.from(frameCsv(rows, names)), createWriteStream(out, { mode: 0o600 })).catch((cause) => {
        throw notWritten(out, cause)
      })
    }
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

function notWritten(file: string, cause: NodeJS.ErrnoException): VigieError {
  return new VigieError('wrong_use', `${file} cannot be written: ${cause.code ?? cause.message}`, {
    rule: '--out names a file in a folder that is there and can be written',
    value: file,
    cause,
  })
}
