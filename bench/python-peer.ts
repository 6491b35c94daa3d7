import { execFileSync, spawn } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'

/** Makes a Python environment with packages from PyPI below a folder. Returns its interpreter. */
export function pythonWith(folder: string, packages: readonly string[]): string {
  const python = path.join(folder, 'venv/bin/python')
  execFileSync('python3', ['-m', 'venv', path.join(folder, 'venv')])
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', ...packages], { stdio: 'inherit' })
  return python
}

/** A script of this folder that answers each line that it is sent with a line of JSON. */
export function pythonPeer(python: string, script: string, args: readonly (string | number)[] = []) {
  const child = spawn(python, [path.join(import.meta.dirname, script), ...args.map(String)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    send: (line: string): void => {
      child.stdin.write(`${line}\n`)
    },
    ask: async <T>(line: string): Promise<T> => {
      child.stdin.write(`${line}\n`)
      const { value, done } = await lines.next()
      if (done) throw new Error(`${script} ended early: see its message above`)
      return JSON.parse(value)
    },
    end: (): void => {
      child.stdin.end()
    },
  }
}
