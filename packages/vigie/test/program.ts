import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import path from 'node:path'
import { afterAll } from 'vitest'

const root = path.resolve(import.meta.dirname, '../../..')
const config = path.join(root, 'examples/streamflow/vigie.config.ts')

export interface Ended {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A program in a process of its own. */
export interface Program {
  readonly child: ChildProcess
  /** Waits until it has written this on either stream. Fails when the program ends before. */
  wrote(text: RegExp): Promise<RegExpExecArray>
  kill(signal: NodeJS.Signals): Promise<Ended>
  readonly ended: Promise<Ended>
}

interface Surroundings {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

const running = new Set<Program>()
/** What a failed test left. */
afterAll(async () => {
  for (const program of running) await program.kill('SIGKILL')
})

/** `npm start` of the example: the start script itself. */
export function start(args: readonly string[], surroundings: Surroundings = {}): Program {
  return run(
    [path.join(root, 'scripts/run.mjs'), path.join(root, 'examples/streamflow/main.ts'), ...args],
    surroundings,
  )
}

/** The `vigie` command in the example's project. */
export function vigie(args: readonly string[], surroundings: Surroundings = {}): Program {
  const env = { VIGIE_CONFIG: config, ...surroundings.env }
  return run([path.join(root, 'packages/vigie/bin/vigie.mjs'), ...args], { ...surroundings, env })
}

/** Variables of whoever runs the tests would change what the program does. */
const OURS = /^(VIGIE_(?!SHARED)|DATABASE_URL|NO_COLOR|FORCE_COLOR|LC_|LANG|NODE_OPTIONS|VITEST)/

function run(args: readonly string[], { cwd = root, env = {} }: Surroundings): Program {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name)))
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...inherited, LANG: 'C.UTF-8', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const heard = new EventEmitter()
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text
      heard.emit('text')
    })
  }
  const ended = once(child, 'close').then(([status, signal]) => ({ status, signal, ...said }) as Ended)
  const program: Program = {
    child,
    ended,
    async wrote(text) {
      for (let over: Ended | null = null; ; over = await Promise.race([ended, once(heard, 'text').then(() => null)])) {
        const match = text.exec(said.stdout) ?? text.exec(said.stderr)
        if (match) return match
        if (over) throw new Error(`ended (${over.status ?? over.signal}) before it wrote ${text}:\n${over.stderr}`)
      }
    },
    kill(signal) {
      child.kill(signal)
      return ended
    },
  }
  running.add(program)
  ended.finally(() => running.delete(program))
  return program
}
