import path from 'node:path'
import type { Project } from '../define/project.ts'
import type { AsOf } from '../domain/as-of.ts'
import { brokenRuleOf } from '../domain/broken-rule.ts'
import type { BrokenRule, SourceContract } from '../domain/contract.ts'
import { type ErrorDetails, hasCode, VigieError } from '../errors.ts'
import type { CheckedFile } from '../ports/compute.ts'
import type { Ports } from '../ports/ports.ts'
import type { TableFile } from '../ports/snapshots.ts'
import { allEnded } from './all-ended.ts'
import { refuseLaterEvents } from './check-events.ts'

/** One file of a delivery: as it was delivered, copied and imported. */
export interface ImportedFile {
  readonly checked: CheckedFile
  readonly delivered: string
  readonly copy: string
  readonly table: TableFile
}

/**
 * Checks that no key repeats within a file, that each is in the file that lists all of them, and that columns declared
 * as unique are. A refused file is kept in `quarantine`, like one that breaks a rule by itself. Returns the broken rules
 * that only hold the delivery back.
 *
 * @throws `future_time`, `after_cutoff`, `duplicate_key`, `duplicate_after_normalisation`, `entity_unknown`, `duplicate_value`
 */
export async function checkKeys(
  ports: Pick<Ports, 'offline' | 'compute' | 'staging' | 'snapshots'>,
  project: Project,
  imported: ReadonlyMap<string, ImportedFile>,
  asOf: AsOf,
): Promise<readonly BrokenRule[]> {
  const held = await allEnded(
    Object.values(project.sources).map(async (contract) => {
      const file = imported.get(contract.name)!
      try {
        await refuseLaterEvents(ports.snapshots, contract, file.table, asOf)
        return await checkFile(ports, contract, file.table, imported)
      } catch (error) {
        throw hasCode(error) && error.kind === 'rejected' ? await kept(ports, contract.name, file, error) : error
      }
    }),
  )
  return held.flat()
}

async function checkFile(
  { offline }: Pick<Ports, 'offline'>,
  contract: SourceContract,
  table: TableFile,
  imported: ReadonlyMap<string, ImportedFile>,
): Promise<readonly BrokenRule[]> {
  const { name, key, listedIn } = contract
  await offline.checkKeys(table, name, key, listedIn === null ? null : imported.get(listedIn)!.table, contract)
  if (!contract.columns.some((column) => column.unique)) return []
  const broken = await offline.repeatedValues(table, contract)
  const refused = broken.find((rule) => rule.severity === 'reject')
  if (!refused) return broken
  const { code, text, rule, value, column } = refused
  const others = broken.filter((other) => other !== refused)
  throw new VigieError(code, `${name}.csv: ${text}`, {
    rule,
    value,
    file: `${name}.csv`,
    ...(column === null ? {} : { column }),
    broken: [refused, ...others],
  })
}

/** Keeps the copy of a file in the quarantine and returns the error that says where. */
export async function kept(
  ports: Pick<Ports, 'compute' | 'staging'>,
  source: string,
  { checked, delivered, copy }: ImportedFile,
  error: VigieError,
): Promise<VigieError> {
  const { code, message, hint } = error
  const details = await withLines(ports, source, { checked, copy }, error)
  const quarantined = await ports.compute.run('quarantine', {
    folder: path.join(ports.staging, 'quarantine'),
    copy,
    delivered: { file: delivered, sha256: checked.sha256, bytes: checked.bytes },
    refusal: { code, message, hint, details },
  })
  return new VigieError(code, message, { ...details, hint, quarantined })
}

/**
 * The details of an error about keys, with the lines on which they stand: the tables are sorted and know none. The text
 * of a file from which rows were left out, or which was no CSV, has other lines than the supplier sees.
 */
async function withLines(
  { compute }: Pick<Ports, 'compute'>,
  source: string,
  { checked, copy }: Pick<ImportedFile, 'checked' | 'copy'>,
  error: VigieError,
): Promise<ErrorDetails> {
  const { keys, ...details } = error.details
  const broken = details.broken ?? [brokenRuleOf(source, error)]
  const { column } = details
  if (!Array.isArray(keys) || column === undefined) return { ...details, broken }
  if (checked.format === 'parquet' || checked.quarantined > 0) return { ...details, broken }
  const file = path.join(path.dirname(copy), `${source}.csv`)
  const examples = await compute.run('linesOf', { file, column, values: keys })
  const lines = examples.map(({ line }) => line)
  const told = { ...brokenRuleOf(source, error), rows: null, examples }
  return { ...details, ...(lines.length > 0 ? { line: lines[0]!, lines } : {}), broken: [told] }
}
