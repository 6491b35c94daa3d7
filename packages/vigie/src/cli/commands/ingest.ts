import type { Command } from 'commander'
import { asOf } from '../../domain/as-of.ts'
import { does } from '../command.ts'
import { count } from '../output.ts'
import { APPROVE, approvalsOf } from './approve.ts'
import { AS_OF } from './options.ts'

export function ingest(program: Command): void {
  const command = program
    .command('ingest')
    .argument('<dir>', 'folder with one CSV for each source of the definition')
    .description('validate and commit one snapshot, all or nothing, and put it online')
    .addOption(AS_OF().makeOptionMandatory())
    .option(
      '--correction',
      'the content corrects a date that was ingested before: keep both, the new one known from now',
    )
    .addOption(APPROVE())
    .addHelpText(
      'after',
      `
Every byte is checked against the definition before anything is stored. The same
content again changes nothing. A delivery that looks wrong beside the one before
is kept back (exit 3) until it is approved. Each delivery gets a report.
  vigie ingest data/month_001 --as-of 2024-02-29
  vigie ingest data/month_001 --as-of 2024-02-29 --approve volume_gate`,
    )
  does(command, async ({ output, house }, [dir], options) => {
    const { ports, project } = await house()
    const date = asOf(String(options.asOf))
    const { ingest: ingestStage } = await import('../../loop/ingest.ts')
    const taken = await ingestStage(ports, project, {
      dir: dir!,
      asOf: date,
      correction: options.correction === true,
      approvals: approvalsOf(options.approve),
    })
    const { materialize } = await import('../../loop/materialize.ts')
    const online = await materialize(ports, project)
    output.result({ ...taken, online }, () => [
      taken.already
        ? `${output.pen.mark('ok')} ${date} is in already: snapshot ${taken.snapshot}, nothing changed`
        : `${output.pen.mark('ok')} ${date}: ${count(taken.rows)} users, snapshot ${taken.snapshot}, version ${taken.version}`,
      ...(taken.approvals === null || taken.already
        ? []
        : [`  approved by ${taken.approvals.actor}: ${taken.approvals.codes.join(', ')}`]),
      `  report   ${taken.report}`,
      `Next: vigie monitor --as-of ${date}`,
    ])
    return 0
  })
}
