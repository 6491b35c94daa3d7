import { Command, Option } from 'commander'
import type { Project } from '../define/project.ts'
import { VigieError } from '../errors.ts'
import { exitStatus, output } from './output.ts'
import { runStart, type Simulate, type StartOptions } from './run-start.ts'
import { wrongUse } from './wrong-use.ts'

/**
 * The main job: opens the stores, takes the months one after the other through the loop, serves the champion meanwhile,
 * and keeps serving. `argv` is what follows the program's name.
 */
export async function start(options: {
  readonly project: Project
  /** The definition's file; state is kept in `.vigie/` of the working folder or beside it. */
  readonly config: string
  readonly simulate: Simulate
  readonly argv: readonly string[]
}): Promise<void> {
  const { project, config, simulate, argv } = options
  const command = new Command('start')
    .description(`Runs the loop of ${project.name} on simulated or real months, then serves the champion.`)
    .option('--once', 'exit after the loop')
    .option('--json', 'print the outcome as one JSON document on stdout')
    .option('--data <dir>', 'real months: month_000, month_001, ... on consecutive month ends')
    .addOption(new Option('--users <n>', 'how many subscribers to simulate').default('7043'))
    .option('--port <n>', 'default 8000 or VIGIE_PORT, with --once any free one; 0 picks a free one')
    .option('--host <name>', 'default 127.0.0.1 or VIGIE_HOST')
    .option('--home <dir>', 'state folder; default: one for each data source under .vigie/ (VIGIE_HOME)')
    .option('--ascii', 'plain ASCII marks')
    .addHelpText(
      'after',
      `
  npm start                                  simulated months, then the API on port 8000
  npm start -- --once --json                 the outcome as one document
  npm start -- --data ../streamflow          real months

What was done stays done: running it again changes nothing, and a run that was killed goes on.
Exit status: 0 done, 1 failed or try again, 2 wrong use, 3 a month stays rejected.`,
    )
    .exitOverride()
  try {
    command.parse(argv, { from: 'user' })
  } catch (error) {
    process.exitCode = wrongUse(error, argv)
    return
  }
  const given = command.opts<StartOptions>()
  const out = output({ json: given.json === true, ascii: given.ascii === true })
  try {
    process.exitCode = await runStart({ project, config, simulate, options: given, users: users(given.users), out })
  } catch (error) {
    out.error(error)
    process.exitCode = exitStatus(error)
  }
}

function users(text: string): number {
  const n = Number(text)
  if (/^\d+$/.test(text) && n >= 100 && n <= 10_000_000) return n
  throw new VigieError('wrong_use', `--users is "${text}"`, {
    rule: 'a whole number from 100 to 10,000,000',
    value: text,
  })
}
