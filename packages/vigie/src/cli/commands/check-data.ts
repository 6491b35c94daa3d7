import { statSync } from 'node:fs'
import path from 'node:path'
import type { Command } from 'commander'
import { definitionText } from '../../adapters/definition-text/definition-text.ts'
import { filesToProfile, headerOf } from '../../adapters/local/profile-delivered.ts'
import { workerThreads } from '../../adapters/threads/threads.ts'
import { type AsOf, asOf, monthEnd } from '../../domain/as-of.ts'
import { chooseKey, keyCandidates } from '../../domain/proposal/choose-key.ts'
import type { Doubt } from '../../domain/proposal/draft.ts'
import { type FileProfile, legalised } from '../../domain/proposal/file-profile.ts'
import { type Proposal, propose } from '../../domain/proposal/propose.ts'
import { VigieError } from '../../errors.ts'
import { does } from '../command.ts'
import { count } from '../output.ts'
import { labelled } from '../wrap.ts'
import { AS_OF } from './options.ts'
import { writeNew } from './write-new.ts'

export function checkData(check: Command): void {
  const command = check
    .command('data')
    .argument('<dir>', 'a folder with the CSV files of one delivery')
    .description('read a delivery of which nothing is known, and propose its contract')
    .addOption(AS_OF())
    .option('--key <column>', 'the column that identifies what the files are about')
    .option('--name <name>', 'name of the project; default: of the folder')
    .option('--out <file>', 'write the definition here instead of printing it')
    .addHelpText(
      'after',
      `
Reads every value of every file and writes a definition that this delivery
passes: types by the rules of the ingest, nulls, categories, and ranges rounded
outward from what was seen. A proposal knows one delivery. Read it, decide what
must be true of all of them, and look at what is in doubt.

  vigie check data data/month_000 --as-of 2024-01-31 --out vigie.config.ts
  vigie check                                   does the definition resolve?
  vigie ingest data/month_000 --as-of 2024-01-31`,
    )
  does(command, async ({ output }, [dir = ''], options) => {
    const name = options.name ?? nameFor(path.resolve(dir))
    const { files, proposal } = await proposed(dir, {
      name: String(name),
      key: options.key === undefined ? undefined : String(options.key),
      first: options.asOf === undefined ? undefined : asOf(String(options.asOf)),
    })
    const text = definitionText({ ...proposal.draft, notes: headline(dir, proposal.doubts) })
    const out = await writeNew(text, options.out)
    const rows = Object.fromEntries(files.map((file) => [file.name, file.rows]))
    output.result({ key: proposal.draft.entity.key, rows, doubts: proposal.doubts, out, definition: text }, () =>
      out === null
        ? text.trimEnd().split('\n')
        : [
            `${output.pen.mark('ok')} ${output.pen.bold(out)}  ${files.length} files, key ${proposal.draft.entity.key}`,
            ...files.map(
              (file) => `  ${file.name.padEnd(24)} ${count(file.rows)} rows, ${file.columns.length} columns`,
            ),
            ...proposal.doubts.flatMap((doubt) => labelled('  in doubt   ', sentence(doubt))),
          ],
    )
    return 0
  })
}

/** Profiles the CSV files of `dir` in worker threads and makes a definition of what was seen. */
export async function proposed(
  dir: string,
  given: { readonly name: string; readonly key: string | undefined; readonly first: AsOf | undefined },
): Promise<{ readonly files: readonly FileProfile[]; readonly proposal: Proposal }> {
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new VigieError('wrong_use', `${dir} is no folder`, { rule: 'a delivery is a folder of files', value: dir })
  }
  const { files: found, others } = filesToProfile(dir)
  if (found.length === 0) {
    throw new VigieError('nothing_to_propose', `${dir} holds no CSV file`, {
      rule: 'a delivery is a folder with one CSV file a source',
      value: others.slice(0, 5).join(', ') || 'nothing',
    })
  }
  const keys = given.key === undefined ? keyCandidates(await Promise.all(found.map(headerOf))) : [given.key]
  const compute = workerThreads()
  try {
    const files = await Promise.all(found.map(({ file, name }) => compute.run('profileFile', { file, name, keys })))
    const proposal = propose(files, {
      name: given.name,
      key: chooseKey(files, keys),
      first: given.first ?? lastMonthEnd(),
      firstNote: given.first === undefined ? 'TODO: the month end at which the first delivery is true' : null,
    })
    const left = others.map((file) => ({
      file,
      column: null,
      text: file.endsWith('.parquet')
        ? 'is Parquet, which is read only under a contract: left out; give it once as CSV'
        : 'is no CSV file: left out',
    }))
    return { files, proposal: { ...proposal, doubts: [...proposal.doubts, ...left] } }
  } finally {
    await compute.close()
  }
}

/** Of the folder, or of the one around it when this is one of its months. */
function nameFor(dir: string): string {
  const name = path.basename(/^month_\d+/.test(path.basename(dir)) ? path.dirname(dir) : dir)
  return legalised(name) ?? 'project'
}

/** The newest month end that is over. */
export function lastMonthEnd(): AsOf {
  const today = new Date()
  return monthEnd(
    asOf(new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), 0)).toISOString().slice(0, 10)),
    0,
  )
}

const sentence = ({ file, column, text }: Doubt): string => `${file}${column === null ? '' : `.${column}`}: ${text}`

function headline(dir: string, doubts: readonly Doubt[]): readonly string[] {
  return [
    `Proposed by \`vigie check data\` from ${path.basename(path.resolve(dir))}. Ranges are what was seen, rounded outward; say what must be true.`,
    ...(doubts.length > 0 ? ['In doubt:', ...doubts.map((doubt) => `  ${sentence(doubt)}`)] : []),
  ]
}
