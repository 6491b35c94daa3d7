import type { Command } from 'commander'
import { asOf } from '../../domain/as-of.ts'
import { monitor as monitorStage } from '../../loop/monitor.ts'
import { does } from '../command.ts'
import { stageLines } from '../loop-lines.ts'
import { score } from '../output.ts'
import { AS_OF, dateOrNewest } from './options.ts'

export function monitor(program: Command): void {
  const command = program
    .command('monitor')
    .description('drift of inputs and labels, performance of the champion, and the decision to retrain')
    .addOption(AS_OF())
    .option('--reference <date>', 'compare with this date; default: the snapshot before')
    .option('--fail-on-drift', 'exit 3 when the rule says retrain')
    .addHelpText('after', '\nWrites the report as HTML and JSON into the state folder; `vigie serve` shows it.')
  does(command, async ({ output, house }, _args, options) => {
    const { ports, project, folder } = await house()
    const date = await dateOrNewest(ports, options.asOf)
    const reference = typeof options.reference === 'string' ? { reference: asOf(options.reference) } : {}
    const watched = await monitorStage(ports, project, { asOf: date, ...reference })
    output.result(watched, () => [
      ...(watched.drift?.features ?? []).map(
        (f) =>
          `${output.pen.mark(f.drifted ? 'watch' : 'ok')} ${f.name.padEnd(40)} ${f.test.padEnd(14)} ${score(f.score, 4)}  ` +
          `limit ${f.threshold}  ${f.drifted ? 'over' : 'below'}`,
      ),
      ...(watched.drift?.notTestable ?? []).map(
        (f) => `${output.pen.mark('none')} ${f.name.padEnd(40)} no reading: ${f.why}`,
      ),
      ...stageLines({ kind: 'done', asOf: date, stage: 'monitor', result: watched, seconds: null }, output.pen),
      ...(watched.reference === null ? [] : [`Report: ${folder.reports}`]),
    ])
    return options.failOnDrift === true && watched.retrain.triggered ? 3 : 0
  })
}
