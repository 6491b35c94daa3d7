import { VigieError } from '../errors.ts'

/** True for names and addresses that only this machine answers to. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
}

/**
 * Refuses requests that a web page tricked a browser into sending. A page whose name was rebound to 127.0.0.1 sends its
 * own name as Host; a page of another site sends its Origin. Programs send neither. Every method is checked, because
 * reading is what an attacker wants here.
 *
 * Throws `host_refused` or `origin_refused`.
 */
export function checkCaller(headers: {
  readonly host?: string | undefined
  readonly origin?: string | undefined
}): void {
  const { host = '', origin } = headers
  if (!isLoopback(hostnameOf(host))) {
    throw new VigieError('host_refused', `the API does not answer to the name "${host.slice(0, 80)}"`, {
      rule: 'the Host header names this machine: localhost, 127.0.0.1 or [::1]',
      value: host.slice(0, 80),
    })
  }
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
    throw new VigieError('origin_refused', `pages of "${origin.slice(0, 80)}" may not call the API`, {
      rule: 'the Origin header, when there is one, is the address of the API itself',
      value: origin.slice(0, 80),
    })
  }
}

/** `[::1]:8000` -> `::1`, `localhost:8000` -> `localhost`; the empty text when it is no host. */
function hostnameOf(host: string): string {
  const match = /^(?:\[([0-9a-f:]+)\]|([a-z0-9.-]+))(?::\d{1,5})?$/i.exec(host)
  return (match?.[1] ?? match?.[2] ?? '').toLowerCase()
}
