import type { Command } from 'commander'
import { asOf } from '../../domain/as-of.ts'
import { VigieError } from '../../errors.ts'
import { does } from '../command.ts'
import { printable } from '../marks.ts'
import { count } from '../output.ts'
import { AS_OF } from './options.ts'

export function materialize(program: Command): void {
  const command = program
    .command('materialize')
    .description('put the newest values of every entity where predictions read them')
    .option('--view <name...>', 'only these views')
    .addOption(AS_OF())
    .option('--full', 'build the views anew from their whole history, without what was written online only')
    .addHelpText(
      'after',
      `
Only what is not online yet is read. A date that is older than what is there
overwrites nothing that is newer.
  vigie materialize                      everything
  vigie materialize --as-of 2024-02-29   one date
  vigie materialize --full               from scratch`,
    )
  does(command, async ({ output, house }, _args, options) => {
    const { ports, project } = await house()
    const views = (options.view as string[] | undefined) ?? []
    for (const view of views) refuseUnknown(view, Object.keys(project.featureViews))
    const date = options.asOf === undefined ? null : asOf(String(options.asOf))
    const { materialize: materializeStage } = await import('../../loop/materialize.ts')
    const result = await materializeStage(
      ports,
      project,
      {
        ...(views.length > 0 ? { views } : {}),
        ...(date === null ? {} : { from: date, to: date }),
        full: options.full === true,
      },
      (share) => output.progress(`materialize ${Math.round(100 * share)} %`),
    )
    output.progress(null)
    output.result(result, () => [
      ...result.views.map(({ view, versions, rows, changed }) => {
        const what = versions === 0 && rows === 0 ? 'nothing new' : `${count(rows)} rows, ${count(changed)} changed`
        return `${output.pen.mark('ok')} ${view.padEnd(20)} ${what}`
      }),
      `${count(result.entities)} entities online${result.asOf === null ? '' : `, newest date ${result.asOf}`}`,
    ])
    return 0
  })
}

function refuseUnknown(view: string, known: readonly string[]): void {
  if (known.includes(view)) return
  throw new VigieError('wrong_use', `there is no view "${printable(view)}"`, {
    rule: `views are ${known.join(', ')}`,
    value: view,
  })
}
