import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { type Account, type Command, commandAs, environment, own } from './account.ts'
import { explain } from './failure.ts'
import type { Folders } from './folders.ts'

/** The only role. Its password is random and lies in the state folder. */
export const ROLE = 'vigie'

/**
 * Makes the data folder, in a side folder that is renamed when complete: a killed initdb leaves nothing half-made.
 * Sorts and compares by code point (the builtin C.UTF-8), so the result depends on no library of the machine.
 */
export async function initialise(folders: Folders, account: Account, binaries: string, dataDir: string): Promise<void> {
  if (!existsSync(folders.password)) {
    writeFileSync(folders.password, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 })
  }
  const parent = path.dirname(dataDir)
  mkdirSync(parent, { recursive: true, mode: 0o711 })
  for (const name of readdirSync(parent)) {
    if (name.startsWith('data.new-')) rmSync(path.join(parent, name), { recursive: true })
  }
  const unfinished = mkdtempSync(path.join(parent, 'data.new-'))
  // initdb wants an empty folder, and as another user it cannot read the password in ours.
  const password = `${unfinished}.password`
  writeFileSync(password, readFileSync(folders.password), { mode: 0o600 })
  for (const file of [unfinished, password]) own(account, file)
  const command = commandAs(account, path.join(binaries, 'bin', 'initdb'), [
    '--pgdata',
    unfinished,
    '--username',
    ROLE,
    '--pwfile',
    password,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--data-checksums',
    '--no-instructions',
  ])
  try {
    const { ok, output } = await run(command)
    if (!ok) {
      appendFileSync(folders.log, output, { mode: 0o600 })
      throw explain(output, { what: 'Postgres cannot make its data folder', dataDir, file: folders.log })
    }
    renameSync(unfinished, dataDir)
  } finally {
    rmSync(password, { force: true })
    rmSync(unfinished, { recursive: true, force: true })
  }
}

function run({ file, args, ...as }: Command): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { ...as, cwd: '/', env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const take = (chunk: Buffer) => {
      output += chunk.toString()
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('error', (error) => resolve({ ok: false, output: `${output}error: ${error.message}` }))
    child.on('close', (status) => resolve({ ok: status === 0, output }))
  })
}
