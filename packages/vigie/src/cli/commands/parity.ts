import { type Command, InvalidArgumentError } from 'commander'
import { onlineInputs } from '../../define/model-input.ts'
import type { ParityValue } from '../../domain/parity.ts'
import type { Comparison, Difference } from '../../loop/parity/compare.ts'
import { does } from '../command.ts'
import { printable } from '../marks.ts'
import { count, type Output } from '../output.ts'

const ROWS = 10_000
/** An ingest that has just committed is about to put its rows online. */
const SETTLE_MS = 10_000

export function parity(program: Command): void {
  const command = program
    .command('parity')
    .description('prove that online values, now and as they were served, are those of the history, bit for bit')
    .option('--rows <n>', `how many entities, and how many served vectors; default ${count(ROWS)}`, wholeNumber, ROWS)
    .option('--all', 'all of them')
    .addHelpText('after', '\nExit status 3 when a value differs: at most 20 are listed, each with why.')
  does(command, async ({ output, house }, _args, options) => {
    const { ports, project } = await house()
    const rows = options.all === true ? Number.POSITIVE_INFINITY : Number(options.rows)
    const [{ liveParity }, { loggedParity }] = await Promise.all([
      import('../../loop/parity/live-parity.ts'),
      import('../../loop/parity/logged-parity.ts'),
    ])
    const live = await liveParity(ports, project, onlineInputs(project), { rows, settleMs: SETTLE_MS })
    const served = await loggedParity(ports, project, { rows })
    output.result({ online: asJson(live), served: asJson(served) }, () => [
      ...lines(output, 'online', live),
      ...lines(output, 'served', served),
    ])
    return [live, served].every(({ rows, equal }) => rows === equal) ? 0 : 3
  })
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It is a whole number from 1.')
}

function asJson({ rows, equal, incomparable, differences }: Comparison) {
  const value = ({ value, status }: ParityValue) => ({ value: Number.isNaN(value) ? null : value, status })
  return {
    rows,
    equal,
    differing: rows - equal,
    incomparable,
    differences: differences.map(({ online, offline, at, ...where }) => ({
      ...where,
      at: instant(at),
      online: value(online),
      offline: value(offline),
    })),
  }
}

function lines(output: Output, what: string, { rows, equal, incomparable, differences }: Comparison): string[] {
  const mark = output.pen.mark(rows === 0 ? 'none' : rows === equal ? 'ok' : 'act')
  const left = incomparable === 0 ? '' : `, ${count(incomparable)} of another store or definition left out`
  const verdict =
    rows === equal ? `${count(rows)} rows, all equal` : `${count(rows - equal)} of ${count(rows)} rows differ`
  return [`${mark} ${what.padEnd(8)} ${verdict}${left}`, ...differences.map(line)]
}

function line({ key, at, view, feature, online, offline, why }: Difference): string {
  const text = ({ value, status }: ParityValue) => (status === 'PRESENT' ? String(value) : status)
  const where = `${view}.${feature} of ${printable(key)} at ${instant(at)}`
  return `  ${where}: ${text(online)} online, ${text(offline)} offline (${why})`
}

function instant(micros: number): string {
  return new Date(Math.floor(micros / 1000)).toISOString()
}
