import { Command, Option } from 'commander'
import { VERSION } from '../version.ts'
import { card } from './commands/card.ts'
import { champion, promote, rollback, versions } from './commands/champion.ts'
import { check } from './commands/check.ts'
import { compare } from './commands/compare.ts'
import { contract } from './commands/contract.ts'
import { dataset } from './commands/dataset.ts'
import { doctor } from './commands/doctor.ts'
import { down } from './commands/down.ts'
import { drift } from './commands/drift.ts'
import { evaluate } from './commands/evaluate.ts'
import { explain } from './commands/explain.ts'
import { features } from './commands/features/features.ts'
import { fingerprints } from './commands/fingerprints.ts'
import { ingest } from './commands/ingest.ts'
import { materialize } from './commands/materialize.ts'
import { model } from './commands/model.ts'
import { monitor } from './commands/monitor.ts'
import { parity } from './commands/parity.ts'
import { predict } from './commands/predict.ts'
import { quarantine } from './commands/quarantine.ts'
import { replay } from './commands/replay.ts'
import { cancel, run, runs } from './commands/run.ts'
import { serve } from './commands/serve.ts'
import { train } from './commands/train.ts'
import { wrongUse } from './wrong-use.ts'

const program = new Command('vigie')
  .description('Watches a model in production, retrains it, compares honestly, promotes what is proven, and serves it.')
  .version(VERSION)
  .addOption(new Option('--config <file>', 'the definition; default: vigie.config.ts here or above'))
  .addOption(new Option('--data <dir>', 'the data source that was given to the run: names the state folder'))
  .addOption(new Option('--home <dir>', 'the state folder itself (VIGIE_HOME)'))
  .option('--json', 'one JSON document on stdout, everything else on stderr')
  .option('--ascii', 'plain ASCII marks')
  .showSuggestionAfterError()
  .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
  .addHelpText(
    'after',
    `
The loop, by hand:
  vigie check                                  is the definition right?
  vigie run data/month_000 --as-of 2024-01-31  ingest, monitor, train, promote
  vigie serve                                  POST /predict, GET /health, ...
  vigie rollback --reason "complaints"         the previous champion, at once

Exit status: 0 done, 1 failed or try again, 2 wrong use, 3 the answer is no.`,
  )

for (const add of [
  check,
  contract,
  doctor,
  ingest,
  quarantine,
  materialize,
  parity,
  features,
  explain,
  monitor,
  train,
  compare,
  evaluate,
  drift,
  promote,
  rollback,
  champion,
  versions,
  card,
  predict,
  dataset,
  model,
  fingerprints,
  run,
  runs,
  cancel,
  replay,
  serve,
  down,
]) {
  add(program)
}
// commander ends with 1 for wrong use; here that is 2
const overrideExit = (command: Command): void => {
  command.exitOverride()
  command.commands.forEach(overrideExit)
}
overrideExit(program)

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = wrongUse(error, process.argv)
}
