import { type ErrorKind, hasCode, VigieError } from '../errors.ts'
import { brokenRows, otherBroken } from './broken-lines.ts'
import { asciiOnly, type Pen, pen, printable } from './marks.ts'
import { labelled } from './wrap.ts'

/** 0 done, 1 failed (also "try again"), 2 wrong use, 3 the answer is no. */
export type ExitStatus = 0 | 1 | 2 | 3

const STATUS: Record<ErrorKind, ExitStatus> = {
  rejected: 3,
  not_found: 3,
  conflict: 3,
  integrity: 3,
  limit: 3,
  usage: 2,
  temporary: 1,
  internal: 1,
}

export function exitStatus(error: unknown): ExitStatus {
  return hasCode(error) ? STATUS[error.kind] : 1
}

/**
 * Where a command writes. With `--json` stdout carries one document and nothing else; every line for people goes to
 * stderr. Without it the lines go to stdout.
 */
export interface Output {
  readonly pen: Pen
  readonly json: boolean
  /** One line for people. */
  line(text?: string): void
  /** The command's result: printed as JSON, or through `lines` for people. */
  result(value: unknown, lines: () => readonly string[]): void
  /** Rewrites one line on a terminal; without one, says it every 10 s. `null` clears it. */
  progress(text: string | null): void
  error(error: unknown): void
}

export function output(options: { readonly json: boolean; readonly ascii: boolean }): Output {
  const people = options.json ? process.stderr : process.stdout
  const marks = pen(people, options)
  const drawn = asciiOnly(options) ? (text: string) => text.replaceAll(MINUS, '-') : (text: string) => text
  let progressShown = false
  let lastSaid = 0
  outliveReader(process.stdout)
  outliveReader(process.stderr)
  const clear = () => {
    if (progressShown) process.stderr.write('\r\x1b[K')
    progressShown = false
  }
  const line = (text = '') => {
    clear()
    people.write(`${drawn(text)}\n`)
  }
  return {
    pen: marks,
    json: options.json,
    line,
    result(value, lines) {
      clear()
      if (options.json) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
      else for (const text of lines()) line(text)
    },
    progress(text) {
      if (text === null) return clear()
      if (process.stderr.isTTY) {
        process.stderr.write(`\r\x1b[K${text}`)
        progressShown = true
      } else if (performance.now() - lastSaid > 10_000) {
        if (lastSaid > 0) process.stderr.write(`${text}\n`)
        lastSaid = performance.now()
      }
    },
    error(error) {
      clear()
      const problem = problemOf(error)
      if (options.json) process.stdout.write(`${JSON.stringify({ error: problem }, null, 2)}\n`)
      for (const text of problemLines(problem, pen(process.stderr, options))) process.stderr.write(`${drawn(text)}\n`)
      if (!hasCode(error) && error instanceof Error && error.stack) process.stderr.write(`${error.stack}\n`)
    },
  }
}

/** A reader that has seen enough (`| head`) ends the printing, not the work. */
function outliveReader(stream: NodeJS.WriteStream): void {
  if (stream.listenerCount('error') > 0) return
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

/** An error as plain data: code, message, rule, value, place and the next action. */
export interface Problem {
  readonly code: string
  readonly message: string
  readonly hint: string
  readonly [detail: string]: unknown
}

export function problemOf(error: unknown): Problem {
  const known = hasCode(error)
    ? error
    : new VigieError('internal', error instanceof Error ? error.message : String(error), { cause: error })
  return { code: known.code, message: known.message, ...known.details, hint: known.hint }
}

function problemLines({ code, message, hint, alsoRefused, ...details }: Problem, pen: Pen): readonly string[] {
  const [first = '', ...rest] = labelled(`  ${code}  `, printable(message))
  const others = Array.isArray(alsoRefused) ? (alsoRefused as readonly Problem[]).map((other) => other.message) : []
  const rows = brokenRows(details.broken)
  return [
    `${pen.mark('act')} ${pen.bold(code)}${first.slice(code.length + 2)}`,
    ...rest,
    ...Object.entries(details)
      .filter(([, value]) => typeof value !== 'object')
      .flatMap(([name, value]) => labelled(`  ${name.padEnd(8)} `, printable(String(value)))),
    ...(rows === null ? [] : labelled('  rows     ', count(rows))),
    ...[...otherBroken(details.broken, others), ...others].flatMap((text) => labelled('  also     ', printable(text))),
    ...labelled('Next: ', hint),
  ]
}

/** `12,345` */
export const count = (n: number): string => n.toLocaleString('en-US')

const MINUS = '\u2212'

/** Three decimals, a real minus sign. What would read as zero and is not says so: `<0.001`. */
export function score(x: number, digits = 3): string {
  const text = Math.abs(x).toFixed(digits)
  if (x !== 0 && Number(text) === 0) return `<${(10 ** -digits).toFixed(digits)}`
  return `${x < 0 ? MINUS : ''}${text}`
}

/** The same with a sign on every number. */
export const signed = (x: number, digits = 3): string => `${x < 0 ? MINUS : '+'}${Math.abs(x).toFixed(digits)}`
