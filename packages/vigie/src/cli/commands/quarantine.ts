import type { Command } from 'commander'
import { asOf } from '../../domain/as-of.ts'
import type { BrokenRule } from '../../domain/contract.ts'
import type { QuarantinedFile } from '../../loop/quarantined.ts'
import { does } from '../command.ts'
import { printable } from '../marks.ts'
import { count } from '../output.ts'
import { APPROVE, approvalsOf } from './approve.ts'
import { AS_OF } from './options.ts'

export function quarantine(program: Command): void {
  const command = program
    .command('quarantine')
    .description('delivered files that were refused, and rows that were left out')
  list(command)
  show(command)
  replay(command)
}

function list(parent: Command): void {
  const command = parent
    .command('list')
    .description('what is kept, the newest first')
    .addHelpText('after', '\nOf refused files the newest 200 are kept, and at most 20 GB of them.')
  does(command, async ({ output, settings }) => {
    const files = await (await stored()).listQuarantined(await staging(settings.home.value))
    output.result(files.map(shown), () => (files.length === 0 ? ['nothing is kept'] : files.map(line)))
    return 0
  })
}

function show(parent: Command): void {
  const command = parent
    .command('show')
    .argument('<sha256>', 'the hash of the delivered bytes, or its first digits')
    .description('one file: where it is and what was wrong with it')
  does(command, async ({ output, settings }, [prefix = '']) => {
    const file = await (await stored()).quarantined(await staging(settings.home.value), prefix)
    output.result({ ...shown(file), report: file.report }, () => [
      line(file),
      `  bytes    ${file.original}`,
      ...(file.rows === null ? [] : [`  rows     ${file.rows}`]),
      ...brokenLines(file),
      `Next: ${printable(file.hint)}`,
    ])
    return 0
  })
}

function replay(parent: Command): void {
  const command = parent
    .command('replay')
    .argument('<sha256>', 'the hash of the delivered bytes, or its first digits')
    .description('check a file again under the definition of today, and take it as a correction of its source alone')
    .addOption(AS_OF().makeOptionMandatory())
    .addOption(APPROVE())
    .addHelpText(
      'after',
      `
For rows that were left out and whose rule is mended now, or for a file that was
refused and came too late to stop the others. The date must have a snapshot.
  vigie quarantine replay 3f2a9c --as-of 2024-02-29`,
    )
  does(command, async ({ output, house }, [sha256 = ''], options) => {
    const { ports, project } = await house()
    const date = asOf(String(options.asOf))
    const { replayQuarantined } = await import('../../loop/replay-quarantine.ts')
    const approvals = approvalsOf(options.approve)
    const taken = await replayQuarantined(ports, project, { sha256, asOf: date, approvals })
    const { materialize } = await import('../../loop/materialize.ts')
    const online = await materialize(ports, project)
    const [file] = taken.files
    output.result({ ...taken, online }, () => [
      taken.already
        ? `${output.pen.mark('ok')} ${date} has these rows already: snapshot ${taken.snapshot}, nothing changed`
        : `${output.pen.mark('ok')} ${date}: ${count(file!.rows)} rows of ${file!.source}, ${count(file!.quarantined)} left out, snapshot ${taken.snapshot}, version ${taken.version}`,
      `  report   ${taken.report}`,
      `Next: vigie monitor --as-of ${date}`,
    ])
    return 0
  })
}

const stored = () => import('../../loop/quarantined.ts')

/** Looking at files needs no store. */
async function staging(home: string): Promise<{ readonly staging: string }> {
  const { stateFolder } = await import('../../adapters/local/state-folder.ts')
  return { staging: stateFolder(home).staging }
}

function shown({ report: _report, ...file }: QuarantinedFile): Omit<QuarantinedFile, 'report'> {
  return file
}

function line({ sha256, source, format, at, code, message, rows }: QuarantinedFile): string {
  const what = rows === null ? code : 'rows left out'
  return `${sha256.slice(0, 12)}  ${at.slice(0, 16)}Z  ${source}.${format}  ${what}: ${printable(message)}`
}

function brokenLines({ report }: QuarantinedFile): readonly string[] {
  const broken = (Array.isArray(report.broken) ? report.broken : []) as readonly BrokenRule[]
  return broken.map(({ code, column, rule, rows, value }) => {
    const where = column === null ? '' : `${column}: `
    const often = rows === null ? '' : `, ${count(rows)} rows`
    return `  ${code}  ${printable(`${where}${rule}; found "${value}"`)}${often}`
  })
}
