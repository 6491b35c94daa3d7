import { once } from 'node:events'
import net from 'node:net'

/**
 * Sends POST requests for some seconds, one after the other on each connection, and returns how long each answer took,
 * in milliseconds. It costs a third of what general load generators do, so that most of a machine of two cores is the
 * server's, and it sees tenths of a millisecond.
 */
export async function postLoad(
  url: string,
  bodies: readonly string[],
  { connections, seconds }: { readonly connections: number; readonly seconds: number },
): Promise<{ readonly latencies: Float64Array; readonly failed: number }> {
  const { hostname, port, pathname, host } = new URL(url)
  const requests = bodies.map((body) => {
    const head = `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n`
    return Buffer.from(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  })
  const latencies: number[] = []
  let failed = 0
  let sent = 0
  const end = performance.now() + seconds * 1000

  const oneConnection = async (): Promise<void> => {
    const socket = net.connect(Number(port), hostname).setNoDelay(true)
    await once(socket, 'connect')
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    let started = 0
    const send = (): void => {
      started = performance.now()
      socket.write(requests[sent++ % requests.length]!)
    }
    let received = ''
    socket.setEncoding('latin1').on('data', (data) => {
      received += data
      const body = received.indexOf('\r\n\r\n') + 4
      if (body < 4 || received.length - body < contentLength(received)) return
      const now = performance.now()
      latencies.push(now - started)
      if (!received.startsWith('200', 9)) failed++
      received = ''
      if (now < end) send()
      else resolve()
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the server closed a connection')))
    send()
    await promise
    socket.destroy()
  }
  await Promise.all(Array.from({ length: connections }, oneConnection))
  return { latencies: Float64Array.from(latencies), failed }
}

function contentLength(answer: string): number {
  return Number(/content-length: (\d+)/i.exec(answer)![1])
}
