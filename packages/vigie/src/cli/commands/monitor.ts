import path from 'node:path'
import type { Command } from 'commander'
import { asOf } from '../../domain/as-of.ts'
import type { DriftReport } from '../../domain/drift/report.ts'
import { does } from '../command.ts'
import { stageLines } from '../loop-lines.ts'
import type { Pen } from '../marks.ts'
import { score } from '../output.ts'
import { AS_OF, dateOrNewest } from './options.ts'

export function monitor(program: Command): void {
  const command = program
    .command('monitor')
    .description('drift of inputs and labels, performance of the champion, and the decision to retrain')
    .addOption(AS_OF())
    .option('--reference <date>', 'compare with this date; default: the snapshot before')
    .option('--fail-on-drift', 'exit 3 when the rule says retrain')
    .addHelpText('after', '\nWrites the report as HTML and JSON; `vigie serve` shows it under /reports.')
  does(command, async ({ output, house }, _args, options) => {
    const { ports, project, folder } = await house()
    const date = await dateOrNewest(ports, options.asOf)
    const reference = typeof options.reference === 'string' ? { reference: asOf(options.reference) } : {}
    const { monitor: monitorStage } = await import('../../loop/monitor.ts')
    const watched = await monitorStage(ports, project, { asOf: date, ...reference })
    output.result(watched, () => [
      ...(watched.drift ? driftTable(watched.drift, output.pen) : []),
      ...stageLines({ kind: 'done', asOf: date, stage: 'monitor', result: watched, seconds: null }, output.pen),
      ...(watched.reference === null ? [] : [`Report: ${path.join(folder.reports, date, 'report.html')}`]),
    ])
    return options.failOnDrift === true && watched.retrain.triggered ? 3 : 0
  })
}

/** One line a feature. A distance drifts from its limit upwards, a p-value from its limit downwards. */
function driftTable({ features, notTestable }: DriftReport, pen: Pen): readonly string[] {
  const width = Math.max(...[...features, ...notTestable].map(({ name }) => name.length))
  return [
    `  ${'feature'.padEnd(width)}  ${'test'.padEnd(13)}    score  limit`,
    ...features.map(({ name, test, score: found, threshold, drifted }) => {
      const number = score(found, 4).padStart(7)
      const line = `${pen.mark(drifted ? 'watch' : 'ok')} ${name.padEnd(width)}  ${test.padEnd(13)}  ${number}  ${threshold}`
      return drifted ? `${line}  drifted` : line
    }),
    ...notTestable.map(({ name, why }) => `${pen.mark('none')} ${name.padEnd(width)}  no reading: ${why}`),
  ]
}
