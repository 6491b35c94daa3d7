import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { VigieError } from '../errors.ts'
import { PROBLEM_JSON, problem } from './errors.ts'

/** Answers bytes that Node could not read as a request, and closes the connection. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  if (socket.writable) {
    const body = problem(reason(error.code))
    const text = JSON.stringify(body)
    socket.write(
      `HTTP/1.1 ${body.status} ${STATUS_CODES[body.status]}\r\nContent-Type: ${PROBLEM_JSON}\r\n` +
        `Content-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
    )
  }
  socket.destroySoon()
}

function reason(code: string | undefined): VigieError {
  if (code === 'HPE_HEADER_OVERFLOW') return new VigieError('headers_too_large', 'the headers are too large')
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new VigieError('request_timeout', 'the request came too slowly')
  return new VigieError('request_invalid', 'this is not an HTTP/1.1 request')
}
