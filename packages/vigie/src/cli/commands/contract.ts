import path from 'node:path'
import { type Command, Option } from 'commander'
import { definitionText } from '../../adapters/definition-text/definition-text.ts'
import { importSuite } from '../../adapters/great-expectations/import-suite.ts'
import { isSuite } from '../../adapters/great-expectations/suite.ts'
import { exportContract } from '../../adapters/odcs/export-contract.ts'
import { importContract } from '../../adapters/odcs/import-contract.ts'
import { contractText } from '../../adapters/odcs/text.ts'
import { asOf } from '../../domain/as-of.ts'
import type { ImportedDraft, Unexpressed } from '../../domain/proposal/draft.ts'
import { does } from '../command.ts'
import { labelled } from '../wrap.ts'
import { lastMonthEnd } from './check-data.ts'
import { contractCheck } from './contract-check.ts'
import { AS_OF } from './options.ts'
import { readContract } from './read-contract.ts'
import { writeNew } from './write-new.ts'

export function contract(program: Command): void {
  const command = program
    .command('contract')
    .description('speak the words of other tools: Open Data Contract Standard, Great Expectations')
  exporting(command)
  importing(command)
  contractCheck(command)
}

function exporting(contractCommand: Command): void {
  const command = contractCommand
    .command('export')
    .description('the files of the definition as an Open Data Contract Standard 3.1 document')
    .addOption(new Option('--format <format>', 'the standard').choices(['odcs']).default('odcs'))
    .option('--out <file>', 'write it here instead of printing it')
    .addHelpText(
      'after',
      `
A schema object a file, a property a column; types, ranges, categories, keys,
null rates and row counts in the standard's words. What it has no word for
is in custom properties called vigie: importing it gives the same contracts.

  vigie contract export --out streamflow.odcs.yaml`,
    )
  does(command, async ({ output, project: load }, _args, options) => {
    const document = exportContract(await load())
    const text = contractText(document)
    const out = await writeNew(text, options.out)
    output.result(document, () =>
      out === null ? text.trimEnd().split('\n') : [`${output.pen.mark('ok')} ${output.pen.bold(out)}`],
    )
    return 0
  })
}

function importing(contractCommand: Command): void {
  const command = contractCommand
    .command('import')
    .argument('<file>', 'an ODCS 3 document (YAML or JSON), or a Great Expectations 1 suite (JSON)')
    .description('a definition from the contract of another tool')
    .addOption(AS_OF())
    .option('--key <column>', 'the column that identifies what the files are about')
    .option('--source <name>', 'of a suite: the file that it is about, without .csv')
    .option('--out <file>', 'write the definition here instead of printing it')
    .addHelpText(
      'after',
      `
Writes a definition whose files must be what the contract says. Rules that have
no words here are listed with the reason; none is dropped without being said.

  vigie contract import orders.odcs.yaml --out vigie.config.ts
  vigie contract import usage_suite.json --source usage --key user_id
  vigie check`,
    )
  does(command, async ({ output }, [file = ''], options) => {
    const given = {
      key: options.key === undefined ? undefined : String(options.key),
      source: options.source === undefined ? undefined : String(options.source),
      first: options.asOf === undefined ? lastMonthEnd() : asOf(String(options.asOf)),
      firstNote: 'TODO: the month end at which the first delivery is true',
    }
    const { draft, unexpressed } = imported(readContract(file), given)
    const text = definitionText({ ...draft, notes: headline(file, unexpressed) })
    const out = await writeNew(text, options.out)
    output.result({ key: draft.entity.key, unexpressed, out, definition: text }, () =>
      out === null
        ? text.trimEnd().split('\n')
        : [
            `${output.pen.mark('ok')} ${output.pen.bold(out)}  ${draft.files.length} files, key ${draft.entity.key}`,
            ...unexpressed.flatMap((each) => labelled('  not said   ', sentence(each))),
          ],
    )
    return 0
  })
}

/** Which of the two it is shows in its first level. */
function imported(parsed: unknown, given: Parameters<typeof importSuite>[1]): ImportedDraft {
  return isSuite(parsed) ? importSuite(parsed, given) : importContract(parsed, given)
}

const sentence = ({ place, rule, why }: Unexpressed): string => `${place}: ${rule} (${why})`

function headline(file: string, unexpressed: readonly Unexpressed[]): readonly string[] {
  return [
    `Made by \`vigie contract import\` from ${path.basename(file)}. Model, monitor and promotion are usual values.`,
    ...(unexpressed.length > 0
      ? ['Rules that are not said here:', ...unexpressed.map((each) => `  ${sentence(each)}`)]
      : []),
  ]
}
