import { execFile, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import type { TestProject } from 'vitest/node'
import { RUNTIME } from '../../src/adapters/onnx/runtime.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The Python that has the peers installed; null when this machine can have none. */
    readonly python: string | null
    /** The Python that has Feast. */
    readonly feast: string | null
    /** The Python that has the tools whose models are exchanged. */
    readonly models: string | null
    /** Folder in which onnxruntime-node is installed; null when it cannot be. */
    readonly runtime: string | null
  }
}

const run = promisify(execFile)
const cache = path.resolve(import.meta.dirname, '../../../../node_modules/.cache')

/** One environment with its list of requirements: not all peers can live in one. */
interface Environment {
  readonly requirements: string
  readonly folder: string
}

const PEERS = environmentOf('requirements.txt', 'interop')
const FEAST = environmentOf('requirements-feast.txt', 'interop-feast')
const MODELS = environmentOf('requirements-models.txt', 'interop-models')

function environmentOf(list: string, folder: string): Environment {
  return { requirements: path.join(import.meta.dirname, list), folder: path.join(cache, folder) }
}

const INSTALL = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '--no-deps']

/** Makes the peers' environments, once a machine and list of requirements, before any test runs. */
export default async function environment(vitest: TestProject): Promise<void> {
  const missing = whyNone() ?? (await install(PEERS)) ?? (await install(FEAST)) ?? (await install(MODELS))
  if (missing !== null) process.stderr.write(`interop: SKIPPED, ${missing}\n`)
  vitest.provide('python', missing === null ? pythonOf(PEERS) : null)
  vitest.provide('feast', missing === null ? pythonOf(FEAST) : null)
  vitest.provide('models', missing === null ? pythonOf(MODELS) : null)
  vitest.provide('runtime', missing === null ? await installRuntime() : null)
}

function whyNone(): string | null {
  const asked = spawnSync('python3', ['-c', 'import ensurepip, sys, venv; print(*sys.version_info[:2])'], {
    encoding: 'utf8',
  })
  if (asked.error) return 'there is no python3'
  if (asked.status !== 0) return 'python3 cannot make environments (on Debian: install python3-venv)'
  const [major = 0, minor = 0] = asked.stdout.split(' ').map(Number)
  return major === 3 && minor >= 11 ? null : `python3 is ${major}.${minor}, the peers need 3.11`
}

/** Null when the environment is there. An install that fails for another reason than a missing network is a failure. */
async function install({ requirements, folder }: Environment): Promise<string | null> {
  const python = pythonOf({ folder })
  const wanted = createHash('sha256').update(readFileSync(requirements)).update(process.platform).digest('hex')
  if (stamp(folder) === wanted) return null
  process.stderr.write(`interop: installing the peers into ${path.relative(process.cwd(), folder)}\n`)
  rmSync(folder, { recursive: true, force: true })
  await run('python3', ['-m', 'venv', folder])
  try {
    await run(python, [...INSTALL, '--only-binary', ':all:', '--requirement', requirements])
  } catch (error) {
    const { stderr } = error as { stderr: string }
    // pip's words when no index answers: an index that does has versions, of the wanted one or of others
    if (/from versions: none/.test(stderr)) return 'the Python package index cannot be reached'
    throw error
  }
  writeFileSync(stampOf(folder), wanted)
  return null
}

/** The optional peer, from npm, into a folder of its own: nothing that it needs is among the project's packages. */
async function installRuntime(): Promise<string | null> {
  const folder = path.join(cache, 'interop-runtime')
  const wanted = `${RUNTIME} ${process.platform} ${process.arch}`
  if (readStamp(folder) === wanted) return folder
  process.stderr.write(`interop: installing ${RUNTIME} into ${path.relative(process.cwd(), folder)}\n`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const flags = ['--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--loglevel=error']
  try {
    // Its install script fetches what only graphics cards need.
    await run('npm', ['install', ...flags, RUNTIME], { env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' } })
  } catch (error) {
    const { stderr } = error as { stderr: string }
    if (!/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT/.test(stderr)) throw error
    process.stderr.write('interop: SKIPPED what needs onnxruntime-node, the npm registry cannot be reached\n')
    return null
  }
  writeFileSync(stampOf(folder), wanted)
  return folder
}

/** Written last, so an install that was cut off has none. An environment whose Python is gone has none either. */
function stamp(folder: string): string | null {
  if (spawnSync(pythonOf({ folder }), ['--version']).status !== 0) return null
  return readStamp(folder)
}

function readStamp(folder: string): string | null {
  try {
    return readFileSync(stampOf(folder), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function pythonOf({ folder }: Pick<Environment, 'folder'>): string {
  return path.join(folder, 'bin/python')
}

function stampOf(folder: string): string {
  return path.join(folder, 'stamp')
}
