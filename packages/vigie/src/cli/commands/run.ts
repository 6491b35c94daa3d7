import path from 'node:path'
import type { Command } from 'commander'
import { cancelRun, listRuns } from '../../adapters/dbos/runs.ts'
import { asOf } from '../../domain/as-of.ts'
import type { Delivery } from '../../loop/closed-loop.ts'
import type { MonthOutcome } from '../../loop/outcome.ts'
import { does } from '../command.ts'
import { runId } from '../deliveries.ts'
import { watchLoop } from '../watch-loop.ts'
import { APPROVE, approvalsOf } from './approve.ts'
import { AS_OF } from './options.ts'

export function run(program: Command): void {
  const command = program
    .command('run')
    .argument('<dir>', 'folder with the delivered files')
    .description('the closed loop for one delivery: ingest, monitor, and train, compare and promote when it is time')
    .addOption(AS_OF().makeOptionMandatory())
    .option('--correction', 'the content corrects a date that was ingested before')
    .addOption(APPROVE())
    .addHelpText(
      'after',
      `
Durable: killed at any moment, the same command goes on where it was. A finished
run is not run again.
Exit 3 when the delivery is rejected.`,
    )
  does(command, async ({ output, house }, [dir = ''], options) => {
    const approvals = approvalsOf(options.approve)
    const opened = await house()
    // another process, in another folder, may take the run over
    const delivery: Delivery = {
      dir: path.resolve(dir),
      asOf: asOf(String(options.asOf)),
      correction: options.correction === true,
      ...(approvals === null ? {} : { approvals }),
    }
    const { openWorker } = await import('../worker.ts')
    const worker = await openWorker(opened, watchLoop(output))
    try {
      const latest = await opened.ports.snapshots.latest(delivery.asOf)
      const id = await runId('closed_loop', delivery, opened.project, latest?.approvals)
      output.line(`  ${opened.project.name}  ${delivery.asOf}  ${id}`)
      const begun = await worker.start(worker.flows.closedLoop, delivery, { id })
      if ((await begun.status()) === 'done') output.line(`  ${output.pen.mark('ok')} done before: ${id}`)
      const outcome = await Promise.race([begun.result(), opened.record.gone])
      output.result(outcome, () => ['', ...verdict(outcome)])
      return 'rejected' in outcome.ingest ? 3 : 0
    } finally {
      await worker.stop()
    }
  })
}

function verdict({ asOf: date, ingest, decision, comparison }: MonthOutcome): readonly string[] {
  if ('rejected' in ingest)
    return [
      `The delivery is ${ingest.rejected.held ? 'kept back' : 'refused'}, and nothing of it was stored.`,
      `Next: ${ingest.rejected.hint}`,
    ]
  if (decision === null) return ['The champion stays: nothing says that it should be trained again.']
  const candidate = comparison ? `v${comparison.candidate.version}` : 'A challenger'
  return decision.outcome === 'promote'
    ? [`${candidate} is champion.`, 'Next: vigie serve']
    : [`${candidate} is not promoted.`, `Next: vigie monitor --as-of ${date}`]
}

export function runs(program: Command): void {
  const command = program
    .command('runs')
    .description('the newest durable runs: which step, how far, interrupted or done')
  does(command, async ({ output, house }) => {
    const { record } = await house()
    const all = await listRuns(record.database)
    output.result(all, () => [
      ...(all.length === 0 ? ['No runs yet. The first: vigie run <dir> --as-of <date>'] : []),
      ...(all.length === 0 ? [] : [`  ${'state'.padEnd(11)}  ${'run'.padEnd(35)}  steps  changed (UTC)`]),
      ...all.map((r) => {
        const state = r.status === 'done' ? 'ok' : r.status === 'failed' || r.status === 'given_up' ? 'act' : 'watch'
        const word = (r.interrupted ? 'interrupted' : r.status).padEnd(11)
        const changed = r.changedAt.slice(0, 19).replace('T', ' ')
        return `${output.pen.mark(state)} ${word}  ${r.id.padEnd(35)}  ${String(r.steps).padStart(5)}  ${changed}`
      }),
    ])
    return 0
  })
}

export function cancel(program: Command): void {
  const command = program
    .command('cancel')
    .argument('<run>', 'id as `vigie runs` prints it')
    .description('end a run before its next step; starting it again goes on there')
  does(command, async ({ output, house }, [id = '']) => {
    const { record } = await house()
    const cancelled = await cancelRun(record.database, id)
    output.result({ id, cancelled }, () => [
      `${output.pen.mark(cancelled ? 'ok' : 'none')} ${id} ${cancelled ? 'is cancelled' : 'had ended already'}`,
    ])
    return 0
  })
}
