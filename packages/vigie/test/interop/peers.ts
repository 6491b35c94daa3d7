import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { json, text } from 'node:stream/consumers'
import { expect, inject } from 'vitest'

/** True when there are no peers on this machine: the run has said why. */
export const noPeers = inject('python') === null

/** The answer of a script beside this file: one JSON document in, one out. Floats pass unchanged, NaN as null. */
export async function ask<Answer>(
  script: string,
  question: unknown,
  python: 'python' | 'feast' | 'models' = 'python',
): Promise<Answer> {
  const child = spawn(inject(python)!, [path.join(import.meta.dirname, script)], { stdio: 'pipe' })
  const answer = json(child.stdout) as Promise<Answer>
  answer.catch(() => undefined) // when there is none, the complaint says more
  const complaint = text(child.stderr)
  child.stdin.end(JSON.stringify(question))
  const [status] = await once(child, 'exit')
  if (status === 0) return answer
  throw new Error(`${script} ended with ${status}:\n${await complaint}`)
}

/** Runs a module of a peer in the folder `cwd`. Never throws for its status. */
export async function runModule(module: string, args: readonly string[], cwd: string) {
  const child = spawn(inject('python')!, ['-m', module, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { status: status as number | null, output: stdout + stderr }
}

/** Equal but for rounding: `relative` to the expected value, or within 1e-13 when that is nearly 0. */
export function expectClose(name: string, ours: number, theirs: number, relative: number): void {
  const error = Math.abs(ours - theirs) - 1e-13
  expect(error, `${name}: ours ${ours}, theirs ${theirs}`).toBeLessThanOrEqual(relative * Math.abs(theirs))
}
