import type { Command } from 'commander'
import { does } from '../command.ts'

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
