import { type ChildProcess, spawn } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { text as textOfStream } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { SourceContract } from '../../domain/contract.ts'
import { excerptOf } from '../../domain/csv/excerpt.ts'
import { madeTokens } from '../../domain/delivery/formats.ts'
import { VigieError } from '../../errors.ts'
import type { ParquetAnswer, ParquetRequest } from './request.ts'

/** What reading one Parquet file may take. */
export interface ParquetLimits {
  /** Of the library, in MB; the whole process may have twice as much. */
  readonly memoryMb: number
  readonly seconds: number
  /** Of the text that it becomes. */
  readonly textBytes: number
}

export const PARQUET_LIMITS: ParquetLimits = { memoryMb: 512, seconds: 3600, textBytes: 100e9 }

const WATCH_MS = 100

interface ParquetFile {
  /** A copy that nobody else writes to. */
  readonly file: string
  readonly sha256: string
  /** What messages call it. */
  readonly name: string
  readonly contract: SourceContract
}

/**
 * Writes a Parquet file as the CSV `text`, in a child process, after its columns were compared with the contract.
 *
 * @throws `parquet_type`, `parquet_corrupt`, `parquet_unsupported`, `parquet_limit`, `duplicate_column`,
 *   `column_invalid`, `disk_full`
 */
export async function parquetToText(
  { file, sha256, name, contract }: ParquetFile,
  text: string,
  limits: ParquetLimits = PARQUET_LIMITS,
): Promise<void> {
  const request: ParquetRequest = {
    file,
    text,
    key: contract.key,
    columns: contract.columns,
    tokens: madeTokens(sha256),
    memoryLimit: `${limits.memoryMb}MB`,
  }
  const answer = await ask(request, limits)
  if ('rows' in answer) return
  const { code, text: what, ...details } = answer.refused
  throw new VigieError(code, `${name} ${what}`, { ...details, file: name })
}

async function ask(request: ParquetRequest, limits: ParquetLimits): Promise<ParquetAnswer> {
  const entry = new URL(import.meta.url.endsWith('.ts') ? './child.ts' : './child.js', import.meta.url)
  // An empty environment: nothing that this process knows is for that one.
  const child = spawn(process.execPath, ['--max-old-space-size=64', '--no-warnings', fileURLToPath(entry)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {},
  })
  const ended = new Promise<string | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status, signal) => resolve(status === 0 ? null : (signal ?? `status ${status}`)))
  })
  const over = new AbortController()
  const stopped = watch(child, request.text, limits, over.signal)
  try {
    child.stdin.on('error', () => undefined) // it died early, which its end tells
    // It stays open: its end tells the child that this process is gone.
    child.stdin.write(`${JSON.stringify(request)}\n`)
    const [answer, said, death] = await Promise.all([textOfStream(child.stdout), textOfStream(child.stderr), ended])
    over.abort()
    const limit = await stopped
    if (limit !== null) return { refused: limit }
    return death === null ? (JSON.parse(answer) as ParquetAnswer) : { refused: died(death, said) }
  } finally {
    over.abort()
    child.kill('SIGKILL')
  }
}

type Refused = Extract<ParquetAnswer, { readonly refused: unknown }>['refused']

/** Kills the child when it takes too much of anything. Returns which limit that was, or null. */
async function watch(
  child: ChildProcess,
  text: string,
  { memoryMb, seconds, textBytes }: ParquetLimits,
  over: AbortSignal,
): Promise<Refused | null> {
  const until = performance.now() + 1000 * seconds
  const tooMuch = (what: string, value: string): Refused => ({
    code: 'parquet_limit',
    text: `takes too much ${what}`,
    rule: `a Parquet file is read within ${memoryMb} MB, ${seconds} s and ${textBytes} bytes of text`,
    value,
  })
  // The last look is at what is there when it has ended: it may have been faster than this.
  for (let last = false; !last; ) {
    last = over.aborted
    const bytes = (await stat(text).catch(() => null))?.size ?? 0
    const residentMb = last ? 0 : await residentMbOf(child.pid)
    const broken =
      bytes > textBytes
        ? tooMuch('space', `more than ${textBytes} bytes of text`)
        : !last && performance.now() > until
          ? tooMuch('time', `more than ${seconds} s`)
          : residentMb > 2 * memoryMb
            ? tooMuch('memory', `${residentMb} MB`)
            : null
    if (broken) {
      child.kill('SIGKILL')
      return broken
    }
    if (!last) await sleep(WATCH_MS, undefined, { signal: over }).catch(() => undefined)
  }
  return null
}

/** 0 where the system does not tell: DuckDB's own limit is there too. */
async function residentMbOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024)
}

/** Whoever kills it does so for its memory; any other end is a fault of the library over these bytes. */
function died(how: string, said: string): Refused {
  const value = excerptOf(`${how} ${said.trim().split('\n').at(-1) ?? ''}`.trim())
  if (how === 'SIGKILL' || /heap out of memory/.test(said)) {
    const rule = 'a Parquet file is read in bounded memory and time'
    return { code: 'parquet_limit', text: 'was given up: its reader was killed', rule, value }
  }
  const rule = 'a file called .parquet can be read'
  return { code: 'parquet_corrupt', text: 'makes its reader fail', rule, value }
}
