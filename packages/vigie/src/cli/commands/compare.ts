import type { Command } from 'commander'
import { does } from '../command.ts'
import { stageLines } from '../loop-lines.ts'
import { count } from '../output.ts'
import { AS_OF, dateOrNewest, versionNumber } from './options.ts'

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

export function compare(program: Command): void {
  const command = program
    .command('compare')
    .argument('<challenger>', 'version to compare with the champion')
    .description('score challenger and champion on the same unseen rows, and decide')
    .addOption(AS_OF())
    .addHelpText('after', '\nExit 3 when the answer is no. Each comparison counts as a look at the holdout.')
  does(command, async ({ output, house, project: load }, [challenger = ''], options) => {
    const version = versionNumber(challenger, await load())
    const { ports, project } = await house()
    const date = await dateOrNewest(ports, options.asOf)
    const { evaluate } = await import('../../loop/evaluate.ts')
    const evaluated = await evaluate(ports, project, { asOf: date, challenger: version })
    const { decide } = await import('../../loop/decide.ts')
    const decided = await decide(ports, project, evaluated)
    output.result(decided, () => [
      ...stageLines({ kind: 'done', asOf: date, stage: 'evaluate', result: evaluated, seconds: null }, output.pen),
      ...stageLines({ kind: 'done', asOf: date, stage: 'decide', result: decided, seconds: null }, output.pen),
      ...(decided.outcome === 'promote' ? [`Next: vigie promote ${decided.id}`] : []),
    ])
    return decided.outcome === 'promote' ? 0 : 3
  })
}

export function replay(program: Command): void {
  const command = program
    .command('replay')
    .argument('<decision>', 'id of a recorded decision')
    .description('recompute a decision from its stored evidence and policy; it must give the same bytes')
  does(command, async ({ output, house }, [id = '']) => {
    const { ports, project } = await house()
    const { replay: replayDecision } = await import('../../loop/replay.ts')
    const replayed = await replayDecision(ports, project, id)
    output.result(replayed, () => [
      `${output.pen.mark(replayed.same ? 'ok' : 'act')} ${replayed.outcome}: ${replayed.same ? 'the same bytes' : 'not what was recorded'}`,
      ...replayed.reasons.map((reason) => `  ${reason.text}`),
    ])
    return replayed.same ? 0 : 3
  })
}
