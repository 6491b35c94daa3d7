import path from 'node:path'
import type { Command } from 'commander'
import { cliActor } from '../actor.ts'
import { does } from '../command.ts'
import { count } from '../output.ts'
import { versionNumber } from './options.ts'

export function fingerprints(program: Command): void {
  const command = program
    .command('fingerprints')
    .argument('<version>', 'version of the model, as 2 or v2')
    .description('say which rows a version was trained on that came without: only hashes of the keys are kept')
    .requiredOption('--keys <file>', 'CSV with the column of the key, and as_of when its rows are of several dates')
    .addHelpText(
      'after',
      `
A version whose training rows nobody knows cannot be compared: it may have seen every row.
  vigie fingerprints 4 --keys trained-on.csv
What is supplied replaces what was known, and the audit log says who supplied it.`,
    )
  does(command, async ({ output, house, project: load }, [text = ''], options) => {
    const version = versionNumber(text, await load())
    const { ports, project } = await house()
    const { supplyFingerprints } = await import('../../loop/supply-fingerprints.ts')
    const file = path.resolve(String(options.keys))
    const supplied = await supplyFingerprints(ports, project, { version, file, actor: cliActor() })
    output.result(supplied, () => [
      `${output.pen.mark('ok')} v${version} was trained on ${count(supplied.rows)} rows of ${count(supplied.entities)} entities`,
      `Next: vigie compare ${version}`,
    ])
    return 0
  })
}
