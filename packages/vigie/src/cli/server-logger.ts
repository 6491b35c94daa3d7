import pino from 'pino'
import type { Logger } from '../http/logger.ts'

/** JSON lines on stderr; only what an operator must know, unless VIGIE_LOG says otherwise. */
export function serverLogger(): Logger {
  return pino({ level: process.env.VIGIE_LOG ?? 'warn', base: null }, pino.destination({ dest: 2, sync: true }))
}
