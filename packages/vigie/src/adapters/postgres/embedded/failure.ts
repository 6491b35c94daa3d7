import { type ErrorDetails, VigieError } from '../../../errors.ts'

/** Why the embedded Postgres does not run, as `details.reason` of `postgres_failed`. */
export type PostgresFailure =
  | 'unsupported_platform'
  | 'no_binaries'
  | 'root_refused'
  | 'user_unnamed'
  | 'other_owner'
  | 'no_access'
  | 'locked'
  | 'socket_folder'
  | 'socket_in_use'
  | 'port_in_use'
  | 'wrong_version'
  | 'data_missing'
  | 'password_missing'
  | 'corrupt'
  | 'orphans'
  | 'out_of_memory'
  | 'bad_settings'
  | 'hung'
  | 'start_timeout'
  | 'stop_timeout'
  | 'start_failed'

export function postgresFailed(
  reason: PostgresFailure,
  message: string,
  details: ErrorDetails & { readonly hint: string },
): VigieError {
  return new VigieError('postgres_failed', message, { reason, ...details })
}

export function diskFull(where: string, cause?: unknown): VigieError {
  return new VigieError('disk_full', `the disk is full: Postgres cannot write ${where}`, {
    value: where,
    ...(cause === undefined ? {} : { cause }),
  })
}

interface Known {
  readonly pattern: RegExp
  readonly reason: PostgresFailure
  readonly message: string
  readonly hint: string
}

/** What Postgres 18 and its initdb write when they give up. The order decides: the more exact comes first. */
const KNOWN: readonly Known[] = [
  {
    pattern: /could not bind IPv4.*Address already in use|could not create any TCP/s,
    reason: 'port_in_use',
    message: 'the TCP port for Postgres is in use',
    hint: 'Choose another port, or end the program that listens on it.',
  },
  {
    pattern: /lock file "[^"]*\.s\.PGSQL[^"]*" (already exists|is empty)|could not create any Unix-domain/,
    reason: 'socket_in_use',
    message: 'another server uses the socket of this Postgres',
    hint: 'End the server that the log names, then run the same command again.',
  },
  {
    pattern: /was initialized by PostgreSQL version/,
    reason: 'wrong_version',
    message: 'the data folder was made by another build of Postgres',
    hint: 'Use the version of Vigie that made it, or dump it there and set DATABASE_URL.',
  },
  {
    pattern:
      /pg_control|database files are incompatible|could not find the database system|invalid checkpoint|could not locate a valid checkpoint|could not locate required checkpoint|could not read file|is not a database cluster directory|missing or corrupt|invalid page in block|could not open file "(base|global|pg_|\.)/,
    reason: 'corrupt',
    message: 'the data folder of Postgres is damaged',
    hint: 'Restore the data folder from a backup; the log names the damaged file. Nothing was changed.',
  },
  {
    pattern: /pre-existing shared memory block/,
    reason: 'orphans',
    message: 'processes of a killed Postgres still work in its data folder',
    hint: 'End the processes that the log names, then run the same command again.',
  },
  {
    pattern: /could not create shared memory|could not map anonymous shared memory|Cannot allocate memory/,
    reason: 'out_of_memory',
    message: 'there is not enough (shared) memory for Postgres',
    hint: 'Free memory, or set DATABASE_URL to use a Postgres elsewhere.',
  },
  {
    pattern: /configuration file .* contains errors|invalid value for parameter|unrecognized configuration parameter/,
    reason: 'bad_settings',
    message: 'Postgres does not accept its settings',
    hint: 'Correct the setting that the log names.',
  },
  {
    pattern: /could not look up effective user ID/,
    reason: 'user_unnamed',
    message: 'Postgres needs a name for the user that runs it, and this uid has none',
    hint: 'Add the uid to /etc/passwd, or set DATABASE_URL.',
  },
  {
    pattern: /Permission denied/,
    reason: 'no_access',
    message: 'the user that runs Postgres cannot reach its files',
    hint: 'Give this user the folder that the log names, or set DATABASE_URL.',
  },
]

/**
 * Turns what Postgres wrote while it gave up into an error that says what to do.
 *
 * @param output what it wrote during this start only
 * @param at `what` was tried, in the words of the message when nothing is recognised; `dataDir` and its log `file`
 */
export function explain(
  output: string,
  at: { readonly what: string; readonly dataDir: string; readonly file: string },
): VigieError {
  if (/No space left on device|Disk quota exceeded|Check free disk space/.test(output)) return diskFull(at.dataDir)
  const known = KNOWN.find(({ pattern }) => pattern.test(output))
  const said = firstComplaint(output)
  return postgresFailed(known?.reason ?? 'start_failed', `${known?.message ?? at.what}: ${at.dataDir}`, {
    value: said,
    file: at.file,
    hint: `${known?.hint ?? 'The log says why.'} Log: ${at.file}`,
  })
}

/** What follows it is mostly its consequence. */
function firstComplaint(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '')
  const telling = lines.find((line) => /FATAL|PANIC|error:|could not/i.test(line))
  return (telling ?? lines.at(-1) ?? '').slice(0, 200)
}
