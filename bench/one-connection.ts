import { once } from 'node:events'
import net from 'node:net'

/**
 * Sends POST requests one after the other on one connection, for some seconds, and returns how long each answer took, in
 * milliseconds, in order of time. autocannon counts whole milliseconds, in which answers of a tenth disappear.
 */
export async function oneConnection(
  url: string,
  bodies: readonly string[],
  seconds: number,
): Promise<{ readonly latencies: Float64Array; readonly failed: number }> {
  const { hostname, port, pathname, host } = new URL(url)
  const requests = bodies.map((body) => {
    const head = `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n`
    return Buffer.from(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  })
  const socket = net.connect(Number(port), hostname).setNoDelay(true)
  await once(socket, 'connect')
  const latencies: number[] = []
  let failed = 0
  const end = performance.now() + seconds * 1000
  for (let i = 0; performance.now() < end; i++) {
    const start = performance.now()
    socket.write(requests[i % requests.length]!)
    const status = await answered(socket)
    latencies.push(performance.now() - start)
    if (status !== 200) failed++
  }
  socket.destroy()
  return { latencies: Float64Array.from(latencies), failed }
}

/** Waits for a whole answer and returns its status. */
function answered(socket: net.Socket): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  let received = ''
  const onData = (data: Buffer) => {
    received += data.toString('latin1')
    const body = received.indexOf('\r\n\r\n') + 4
    if (body < 4 || received.length - body < Number(/content-length: (\d+)/i.exec(received)![1])) return
    socket.off('data', onData)
    resolve(Number(received.slice(9, 12)))
  }
  socket.on('data', onData)
  return promise
}
