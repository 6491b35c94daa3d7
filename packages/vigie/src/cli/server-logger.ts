import pino from 'pino'
import type { Logger } from '../http/logger.ts'
import { printable } from './marks.ts'

/** What a server says on stderr: JSON lines, or plain ones on a terminal. VIGIE_LOG sets the level, `warn` unless set. */
export function serverLogger(): Logger {
  const level = process.env.VIGIE_LOG ?? 'warn'
  if (!process.stderr.isTTY) return pino({ level, base: null }, pino.destination({ dest: 2, sync: true }))
  const silent = () => undefined
  const levels = ['info', 'warn', 'error'] as const
  const least = levels.indexOf(level as (typeof levels)[number])
  const say = (name: string) => (_fields: Readonly<Record<string, unknown>>, text: string) => {
    process.stderr.write(`${name}  ${printable(text)}\n`)
  }
  return {
    info: least <= 0 ? say('info') : silent,
    warn: least <= 1 ? say('warn') : silent,
    error: say('error'),
  }
}
