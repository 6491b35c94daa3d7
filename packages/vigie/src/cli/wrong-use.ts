import { VigieError } from '../errors.ts'
import { problemOf } from './output.ts'

/**
 * The exit status for what commander throws: 0 after `--help` and `--version`, 2 for wrong use, for which it has told
 * people already. With `--json` the error is also one document on stdout, as every other error. Throws what is not
 * commander's.
 */
export function wrongUse(error: unknown, argv: readonly string[]): 0 | 2 {
  const { code, exitCode, message } = error as { code?: string; exitCode?: number; message?: string }
  if (!code?.startsWith('commander.')) throw error
  if (exitCode === 0) return 0
  if (argv.includes('--json')) {
    const said = (message ?? '').replace(/^error: /, '').replaceAll('\n', ' ')
    process.stdout.write(`${JSON.stringify({ error: problemOf(new VigieError('wrong_use', said)) }, null, 2)}\n`)
  }
  return 2
}
