import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { VigieError } from '../errors.ts'

/** A value and where it came from; `vigie doctor` prints both. */
export interface Setting<T> {
  readonly value: T
  readonly from: string
}

export interface Settings {
  /** The user's definition. */
  readonly config: Setting<string>
  /** State folder of one data source. */
  readonly home: Setting<string>
  readonly databaseUrl: Setting<string | null>
  readonly host: Setting<string>
  readonly port: Setting<number>
}

/** What the command line may override. */
export interface Flags {
  readonly config?: string
  readonly home?: string
  /** Folder of delivered months: names the state folder. */
  readonly data?: string
  readonly port?: string
  readonly host?: string
}

/**
 * flag > environment > package.json or working folder > default. `source` names the state folder when nothing else does;
 * without it the only one that is there is taken.
 */
export function settings(flags: Flags, env: NodeJS.ProcessEnv, cwd: string, source?: string): Settings {
  const config = configFile(flags, env, cwd)
  return {
    config,
    home: stateFolder(flags, env, config.value, cwd, source),
    databaseUrl: env.DATABASE_URL
      ? { value: env.DATABASE_URL, from: 'DATABASE_URL' }
      : { value: null, from: 'default: embedded Postgres' },
    host: first([flags.host, '--host'], [env.VIGIE_HOST, 'VIGIE_HOST']) ?? { value: '127.0.0.1', from: 'default' },
    port: portNumber(first([flags.port, '--port'], [env.VIGIE_PORT, 'VIGIE_PORT'])),
  }
}

function first(...candidates: readonly (readonly [string | undefined, string])[]): Setting<string> | null {
  const found = candidates.find(([value]) => value !== undefined && value !== '')
  return found ? { value: found[0] as string, from: found[1] } : null
}

function portNumber(setting: Setting<string> | null): Setting<number> {
  if (!setting) return { value: 8000, from: 'default' }
  const value = Number(setting.value)
  if (!/^\d+$/.test(setting.value) || value > 65_535) {
    throw new VigieError('wrong_use', `${setting.from} is "${setting.value}"`, {
      rule: 'a port is a whole number from 0 to 65535; 0 picks a free one',
      value: setting.value,
    })
  }
  return { value, from: setting.from }
}

/** `--config`, `VIGIE_CONFIG`, `vigie.config.ts` here or above, or `"vigie": { "config": ... }` in a package.json. */
function configFile(flags: Flags, env: NodeJS.ProcessEnv, cwd: string): Setting<string> {
  const named = first([flags.config, '--config'], [env.VIGIE_CONFIG, 'VIGIE_CONFIG'])
  if (named) {
    const value = path.resolve(cwd, named.value)
    if (existsSync(value)) return { value, from: named.from }
    throw new VigieError('wrong_use', `there is no file ${named.value}`, {
      rule: `${named.from} names a definition`,
      value: named.value,
    })
  }
  for (let dir = cwd; ; dir = path.dirname(dir)) {
    const direct = path.join(dir, 'vigie.config.ts')
    if (existsSync(direct)) return { value: direct, from: direct }
    const manifest = path.join(dir, 'package.json')
    const pointed = existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).vigie?.config
    if (typeof pointed === 'string') return { value: path.resolve(dir, pointed), from: manifest }
    if (dir === path.dirname(dir)) break
  }
  throw new VigieError('wrong_use', 'there is no vigie.config.ts here or above', {
    rule: 'every command reads the definition of a project',
    value: cwd,
    hint: 'Change into the folder of the project, or give --config FILE.',
  })
}

/** `--home`, `VIGIE_HOME`, or the folder of the data source under `.vigie/` beside the project. */
function stateFolder(
  flags: Flags,
  env: NodeJS.ProcessEnv,
  config: string,
  cwd: string,
  source: string | undefined,
): Setting<string> {
  const named = first([flags.home, '--home'], [env.VIGIE_HOME, 'VIGIE_HOME'])
  if (named) return { value: path.resolve(cwd, named.value), from: named.from }
  const parent = path.join(projectFolder(config, cwd), '.vigie')
  if (flags.data !== undefined) return { value: path.join(parent, dataSourceName(flags.data, cwd)), from: '--data' }
  if (source !== undefined) return { value: path.join(parent, source), from: 'default' }
  const sources = existsSync(parent) ? readdirSync(parent, { withFileTypes: true }).filter((d) => d.isDirectory()) : []
  if (sources.length > 1) {
    throw new VigieError('wrong_use', `there are ${sources.length} data sources under ${parent}`, {
      rule: 'a command works on one data source',
      value: sources.map((s) => s.name).join(', '),
      hint: 'Give --data DIR as you gave it to the run, or --home (or VIGIE_HOME) with the folder itself.',
    })
  }
  return { value: path.join(parent, sources[0]?.name ?? 'default'), from: 'default' }
}

/** The working folder when it holds the definition (as the repository does its examples), else the definition's own. */
function projectFolder(config: string, cwd: string): string {
  const inside = path.relative(cwd, config)
  return inside.startsWith('..') || path.isAbsolute(inside) ? path.dirname(config) : cwd
}

/** `streamflow-1a2b3c4d`: readable, and different for different folders of the same name. */
export function dataSourceName(dir: string, cwd: string): string {
  const absolute = path.resolve(cwd, dir)
  const real = existsSync(absolute) ? realpathSync(absolute) : absolute
  const readable =
    path
      .basename(real)
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-') || 'data'
  return `${readable}-${createHash('sha256').update(real).digest('hex').slice(0, 8)}`
}
