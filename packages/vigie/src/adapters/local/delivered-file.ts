import { type BigIntStats, constants } from 'node:fs'
import { type FileHandle, lstat, open } from 'node:fs/promises'
import path from 'node:path'
import { VigieError } from '../../errors.ts'

/** A file that somebody else put there, open for one reading. */
export interface DeliveredFile {
  readonly handle: FileHandle
  /** Bytes when it was opened. */
  readonly size: number
  /** Throws `file_changed` when anybody wrote to the file since it was opened, or put another in its place. */
  refuseChanged(bytesRead: number): Promise<void>
}

/**
 * Opens an ordinary file and nothing else: a link could lead anywhere, a pipe or a device never ends.
 *
 * @throws `file_missing`, `not_a_regular_file`, `unreadable_file`
 */
export async function openDelivered(file: string): Promise<DeliveredFile> {
  refuseIrregular(await reading(file, () => lstat(file, { bigint: true })), file)
  // The name may mean something else by now: no link is followed, and no pipe waited for.
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants
  const handle = await reading(file, () => open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK))
  try {
    const before = await handle.stat({ bigint: true })
    refuseIrregular(before, file)
    return {
      handle,
      size: Number(before.size),
      async refuseChanged(bytesRead) {
        const states = [await handle.stat({ bigint: true }), await reading(file, () => lstat(file, { bigint: true }))]
        if (BigInt(bytesRead) === before.size && states.every((state) => isSame(before, state))) return
        const name = path.basename(file)
        throw new VigieError('file_changed', `${name} changed while it was read`, {
          rule: 'a delivered file is complete and left alone',
          value: `${before.size} bytes before, ${states[0]?.size} after, ${bytesRead} read`,
          file: name,
        })
      },
    }
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** Runs one operation on the file and gives its failures their names. */
export async function reading<T>(file: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation()
  } catch (error) {
    throw explain(error as NodeJS.ErrnoException, file)
  }
}

function explain(error: NodeJS.ErrnoException, file: string): unknown {
  const name = path.basename(file)
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new VigieError('file_missing', `${name} is not in ${path.dirname(file)}`, {
        rule: 'a delivery holds one file for each source of the definition',
        value: name,
        file: name,
        cause: error,
      })
    case 'ELOOP':
      return irregular(name, 'a symbolic link')
    case 'EACCES':
    case 'EPERM':
    case 'EIO':
    case 'ESTALE':
      return new VigieError('unreadable_file', `${name} cannot be read`, {
        rule: 'delivered files are readable for the user who runs Vigie',
        value: error.code,
        file: name,
        cause: error,
      })
    default:
      return error
  }
}

function refuseIrregular(found: BigIntStats, file: string): void {
  if (!found.isFile()) throw irregular(path.basename(file), kindOf(found))
  if (found.nlink > 1n) throw irregular(path.basename(file), `one of ${found.nlink} hard links to the same file`)
}

function irregular(name: string, kind: string): VigieError {
  return new VigieError('not_a_regular_file', `${name} is ${kind}`, {
    rule: 'a delivered file is an ordinary file with one name',
    value: kind,
    file: name,
  })
}

function kindOf(found: BigIntStats): string {
  if (found.isSymbolicLink()) return 'a symbolic link'
  if (found.isDirectory()) return 'a folder'
  if (found.isFIFO()) return 'a pipe'
  return found.isSocket() ? 'a socket' : 'a device'
}

function isSame(a: BigIntStats, b: BigIntStats): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs
}
