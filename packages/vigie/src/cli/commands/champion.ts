import type { Command } from 'commander'
import { VigieError } from '../../errors.ts'
import { promote as promoteStage } from '../../loop/promote.ts'
import { rollback as rollbackStage } from '../../loop/rollback.ts'
import { cliActor } from '../actor.ts'
import { does } from '../command.ts'
import { printable } from '../marks.ts'
import { count } from '../output.ts'

export function promote(program: Command): void {
  const command = program
    .command('promote')
    .argument('<decision>', 'id of a decision to promote, as `vigie compare` prints it')
    .description('make the challenger of a decision champion, in one transaction; servers follow within a second')
    .addHelpText('after', '\nNobody can promote what the gate refused: it needs better evidence.')
  does(command, async ({ output, house }, [decision = '']) => {
    const { ports, project } = await house()
    const moved = await promoteStage(ports, project, { decision, actor: cliActor() })
    output.result(moved, () => [`${output.pen.mark('ok')} v${moved.version} is champion since ${moved.since}`])
    return 0
  })
}

export function rollback(program: Command): void {
  const command = program
    .command('rollback')
    .description('bring the previous champion back, in one transaction')
    .requiredOption('--reason <text>', 'kept in the audit log')
  does(command, async ({ output, house }, _args, options) => {
    const reason = String(options.reason).trim()
    if (reason === '') {
      throw new VigieError('wrong_use', '--reason is empty', { rule: 'the audit log says why', value: '' })
    }
    const { ports, project } = await house()
    const moved = await rollbackStage(ports, project, { actor: cliActor(), reason })
    output.result(moved, () => [`${output.pen.mark('ok')} v${moved.version} is champion again, since ${moved.since}`])
    return 0
  })
}

export function champion(program: Command): void {
  const command = program
    .command('champion')
    .description('who is champion, or was at a time')
    .option('--at <time>', 'ISO 8601, for example 2024-03-01T12:00:00Z')
  does(command, async ({ output, house }, _args, options) => {
    const { ports, project } = await house()
    const at = typeof options.at === 'string' ? instant(options.at) : null
    const { registry } = ports
    const found =
      at === null ? await registry.champion(project.model.name) : await registry.championAt(project.model.name, at)
    if (!found)
      throw new VigieError(
        'no_champion',
        `${project.model.name} ${at ? `had no champion at ${at}` : 'has no champion yet'}`,
      )
    output.result(found, () => [
      `${output.pen.mark('ok')} v${found.version} since ${found.since}, artefact ${found.artefact.slice(0, 16)}`,
    ])
    return 0
  })
}

function instant(text: string): string {
  const ms = Date.parse(text)
  if (Number.isFinite(ms) && /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(text)) return text
  throw new VigieError('wrong_use', `"${printable(text)}" is no time with a zone`, {
    rule: 'times are ISO 8601 with a zone, as 2024-03-01T12:00:00Z',
    value: text,
  })
}

const DECISION_AT = 51

export function versions(program: Command): void {
  const command = program
    .command('versions')
    .description('every version of the model, newest first, with its decisions')
  does(command, async ({ output, house }) => {
    const { ports, project } = await house()
    const { name } = project.model
    const [all, decisions] = await Promise.all([ports.registry.versions(name), ports.registry.decisions(name)])
    const newestFirst = all.toReversed().map((version) => ({
      ...version,
      decisions: decisions
        .filter((d) => d.challenger === version.version)
        .map(({ id, asOf, outcome }) => ({ id, asOf, outcome })),
    }))
    output.result(newestFirst, () => [
      '  version  stage        trained as of     rows  decision',
      ...newestFirst.flatMap((v) => {
        const row = [
          output.pen.mark(v.stage === 'Production' ? 'ok' : 'none'),
          `v${v.version}`.padStart(8),
          v.stage.padEnd(11),
          v.trainedAsOf.padEnd(13),
          count(v.trainingRows).padStart(8),
          '',
        ].join('  ')
        const [first = '', ...others] = v.decisions.map((d) => `${d.outcome} ${d.id}`)
        return [row + first, ...others.map((other) => ' '.repeat(DECISION_AT) + other)]
      }),
    ])
    return 0
  })
}
