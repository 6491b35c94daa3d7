import type { Command } from 'commander'
import { does } from '../command.ts'
import { count } from '../output.ts'
import { AS_OF, dateOrNewest } from './options.ts'

export function train(program: Command): void {
  const command = program
    .command('train')
    .description('fit a challenger on the rows of a date that are not held out, and register it')
    .addOption(AS_OF())
    .option('--allow-gap', 'train although a date before has no snapshot')
  does(command, async ({ output, house }, _args, options) => {
    const { ports, project } = await house()
    const date = await dateOrNewest(ports, options.asOf)
    const { train: trainStage } = await import('../../loop/train.ts')
    const trained = await trainStage(ports, project, { asOf: date, allowGap: options.allowGap === true }, (share) => {
      output.progress(`train ${Math.round(share * 100)} %`)
    })
    output.result(trained, () => [
      `${output.pen.mark('ok')} v${trained.version}, ${count(trained.rows)} rows of ${date}`,
      `Next: vigie compare ${trained.version} --as-of ${date}`,
    ])
    return 0
  })
}
