import { createHash } from 'node:crypto'
import type { CardReport } from '../../domain/model-card.ts'

/**
 * A serial number that the card itself gives: a name-based UUID of version 8 (RFC 9562) over its content, so that another
 * evaluation of the same version is another document.
 */
export function serialNumber(card: CardReport): string {
  const bytes = createHash('sha256').update(JSON.stringify(card)).digest().subarray(0, 16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x80
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
