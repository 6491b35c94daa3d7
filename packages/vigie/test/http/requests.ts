import net from 'node:net'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The text as JSON, when it is. Tests look into it freely. */
  // biome-ignore lint/suspicious/noExplicitAny: answers have many shapes, and the expectation is what checks them
  readonly json: any
}

/** One request as it is given: nothing is added but what HTTP needs. */
export async function request(
  base: string,
  method: string,
  path: string,
  body?: string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  const response = await fetch(base + path, {
    method,
    headers: { ...type, ...headers },
    body: body ?? null,
    redirect: 'manual',
  })
  const text = await response.text()
  const json = text !== '' && response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined
  return { status: response.status, headers: response.headers, text, json }
}

/** Sends bytes that no HTTP client would, and returns all that came back until the server closed. */
export function rawExchange(port: number, ...chunks: readonly string[]): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  let received = ''
  const socket = net.connect(port, '127.0.0.1', () => {
    for (const chunk of chunks) socket.write(chunk)
  })
  socket.setEncoding('latin1')
  socket.on('data', (data) => {
    received += data
  })
  socket.on('error', () => undefined) // a reset after the answer is an answer too
  socket.on('close', () => resolve(received))
  return promise
}
