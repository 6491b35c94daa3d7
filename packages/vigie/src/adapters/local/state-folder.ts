import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { VigieError } from '../../errors.ts'
import { VERSION } from '../../version.ts'
import { readIfThere, replaceFile } from './durable-files.ts'

/** Raised when the layout below changes; opening an older folder then brings it up to date. */
const FORMAT = 1

/** Where everything of one data source is kept. Deleting `root` removes all of it. */
export interface StateFolder {
  readonly root: string
  /** The embedded server: data, password, log. */
  readonly postgres: string
  /** Files on their way in. */
  readonly staging: string
  /** Parquet files, by sha256. */
  readonly tables: string
  /** What the tables hold, by sha256 of the table. Can be made again. */
  readonly profiles: string
  /** Model artefacts, by sha256. */
  readonly models: string
  readonly online: string
  readonly reports: string
  /** The vectors that were served lately. */
  readonly served: string
  /** A file: the secret of the fingerprints. */
  readonly fingerprintKey: string
}

/** Names the places. Touches nothing. */
export function stateFolder(root: string): StateFolder {
  const at = (name: string) => path.resolve(root, name)
  return {
    root: path.resolve(root),
    postgres: at('postgres'),
    staging: at('staging'),
    tables: at('tables'),
    profiles: at('profiles'),
    models: at('models'),
    online: at('online'),
    reports: at('reports'),
    served: at('served'),
    fingerprintKey: at('fingerprint.key'),
  }
}

/**
 * Makes the folder, for this user only, or opens the one that is there. Any number of processes may do so at once.
 *
 * @throws `state_newer` when a newer Vigie wrote it, `state_corrupt`, `state_not_writable`
 */
export async function openStateFolder(root: string): Promise<StateFolder> {
  const folder = stateFolder(root)
  try {
    await mkdir(folder.root, { recursive: true, mode: 0o700 })
    await checkStamp(path.join(folder.root, 'state.json'))
    const { root: _root, fingerprintKey: _file, ...folders } = folder
    for (const each of Object.values(folders)) {
      await mkdir(each, { recursive: true, mode: 0o700 })
    }
    return folder
  } catch (error) {
    throw explain(error, folder.root)
  }
}

/** The stamp says which layout the folder has and which Vigie made it so. A folder without one is new. */
async function checkStamp(file: string): Promise<void> {
  const text = await readIfThere(file)
  if (text === null) {
    await replaceFile(file, `${JSON.stringify({ format: FORMAT, vigie: VERSION })}\n`)
    return
  }
  const { format, vigie } = readStamp(file, text.toString())
  if (format > FORMAT) {
    throw new VigieError('state_newer', `${path.dirname(file)} was written by Vigie ${vigie}, this is ${VERSION}`, {
      rule: `this build reads state of format ${FORMAT} and older`,
      value: `format ${format}`,
      file,
      hint: `Use Vigie ${vigie} or newer, or another VIGIE_HOME.`,
    })
  }
}

function readStamp(file: string, text: string): { format: number; vigie: string } {
  const stamp = parseJson(text) as { format?: unknown; vigie?: unknown } | null
  if (Number.isInteger(stamp?.format) && typeof stamp?.vigie === 'string') {
    return { format: stamp.format as number, vigie: stamp.vigie }
  }
  throw new VigieError('state_corrupt', `${file} cannot be read`, {
    rule: 'state.json says which format the folder has',
    value: text.slice(0, 80),
    file,
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function explain(error: unknown, root: string): unknown {
  const { code = '', path: at = root } = error as NodeJS.ErrnoException
  if (!['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(code)) return error
  return new VigieError('state_not_writable', `${at} cannot be made or written`, {
    rule: 'the state folder belongs to the user who runs Vigie',
    value: `${code} ${at}`,
    file: at,
    cause: error,
  })
}
