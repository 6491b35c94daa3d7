import path from 'node:path'
import type { Command } from 'commander'
import { demandsOf, keyOf, sourceNamed } from '../../adapters/great-expectations/import-suite.ts'
import { readSuite } from '../../adapters/great-expectations/suite.ts'
import { SuiteCheck } from '../../adapters/great-expectations/suite-check.ts'
import { locateDelivered } from '../../adapters/local/delivery/locate.ts'
import { readDelivered } from '../../adapters/local/profile-delivered.ts'
import { VigieError } from '../../errors.ts'
import { does } from '../command.ts'
import { count } from '../output.ts'
import { labelled } from '../wrap.ts'
import { readContract } from './read-contract.ts'

export function contractCheck(contract: Command): void {
  const command = contract
    .command('check')
    .argument('<suite>', 'a Great Expectations 1 suite (JSON)')
    .argument('<dir>', 'a folder with the CSV file that it is about')
    .description('hold a file against a suite; the result is one of Great Expectations')
    .option('--source <name>', 'the file, without .csv; default: from the name of the suite')
    .option('--key <column>', 'the column that identifies a row')
    .addHelpText(
      'after',
      `
Asks each expectation by itself, and with --json prints a validation result as
Great Expectations writes it. What has no words here is not met, with the reason.
Exit status 3 when the suite is not met.

  vigie contract check usage_suite.json data/month_000 --json`,
    )
  does(command, async ({ output }, [suiteFile = '', dir = ''], options) => {
    const suite = readSuite(readContract(suiteFile))
    const source = options.source === undefined ? sourceNamed(suite.name) : String(options.source)
    const key = options.key === undefined ? keyOf(demandsOf(suite.expectations, source).demands) : String(options.key)
    const { file, format } = await locateDelivered(dir, source)
    if (format === 'parquet') {
      throw new VigieError('wrong_use', `${path.basename(file)} is Parquet`, {
        rule: 'a suite is held against a CSV file',
        value: path.basename(file),
        hint: 'Import the suite (vigie contract import) and ingest the file under its definition.',
      })
    }
    const check = new SuiteCheck(suite, source, key)
    await readDelivered(file, (chunk) => {
      check.push(chunk)
      return true
    })
    const result = check.end()
    const { successful_expectations: met, evaluated_expectations: all } = result.statistics
    output.result(result, () => [
      `${output.pen.mark(result.success ? 'ok' : 'act')} ${path.basename(file)}: ${count(met)} of ${count(all)} expectations are met`,
      ...result.results
        .filter(({ success }) => !success)
        .flatMap(
          ({ expectation_config: { type, kwargs }, result: found, exception_info: { exception_message: why } }) =>
            labelled(
              '  not met    ',
              `${type} ${JSON.stringify(kwargs)}: ${why ?? `${found.unexpected_count ?? found.observed_value} rows`}`,
            ),
        ),
    ])
    return result.success ? 0 : 3
  })
}
