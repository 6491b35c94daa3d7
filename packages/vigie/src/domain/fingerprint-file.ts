import { VigieError } from '../errors.ts'
import type { Fingerprints } from './fingerprint.ts'

/**
 * Fingerprints as stored bytes, all little-endian:
 *
 *     VGFP | version u32 | bytes of key id u32 | entities u32 | rows u32 | reserved u32 = 0
 *     key id in UTF-8, zeros up to a multiple of 8 | entities u64 ... | rows u64 ...
 */
const MAGIC = 0x50464756
const VERSION = 1
const HEADER = 24

/** `keyId` names the secret: fingerprints under different secrets cannot be compared. */
export function packFingerprints({ entities, rows }: Fingerprints, keyId: string): Uint8Array {
  const id = new TextEncoder().encode(keyId)
  const start = HEADER + padded(id.length)
  const bytes = new Uint8Array(start + 8 * (entities.length + rows.length))
  const view = new DataView(bytes.buffer)
  for (const [i, field] of [MAGIC, VERSION, id.length, entities.length, rows.length].entries()) {
    view.setUint32(4 * i, field, true)
  }
  bytes.set(id, HEADER)
  for (let i = 0; i < entities.length; i++) view.setBigUint64(start + 8 * i, entities[i]!, true)
  const rowsAt = start + 8 * entities.length
  for (let i = 0; i < rows.length; i++) view.setBigUint64(rowsAt + 8 * i, rows[i]!, true)
  return bytes
}

/**
 * Reads what `packFingerprints` wrote. Throws `artefact_invalid` for anything else: another length, values out of
 * order, an unknown version. An overlap that was overlooked because a file was cut short would be a leak.
 */
export function unpackFingerprints(bytes: Uint8Array): Fingerprints & { readonly keyId: string } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < HEADER) invalid('a file of fingerprints has a header', `${bytes.length} bytes`)
  const field = (i: number) => view.getUint32(4 * i, true)
  const [magic, version, idLength, entityCount, rowCount, reserved] = [
    field(0),
    field(1),
    field(2),
    field(3),
    field(4),
    field(5),
  ]
  if (magic !== MAGIC) invalid('a file of fingerprints begins with VGFP', `0x${magic.toString(16)}`)
  if (version !== VERSION || reserved !== 0) invalid(`the format version is ${VERSION}`, `${version}, ${reserved}`)
  const start = HEADER + padded(idLength)
  const length = start + 8 * (entityCount + rowCount)
  if (bytes.length !== length) invalid(`the header announces ${length} bytes`, `${bytes.length} bytes`)
  for (let i = HEADER + idLength; i < start; i++) if (bytes[i] !== 0) invalid('padding is zero', `byte ${i}`)
  return {
    keyId: new TextDecoder().decode(bytes.subarray(HEADER, HEADER + idLength)),
    entities: ascending(view, start, entityCount),
    rows: ascending(view, start + 8 * entityCount, rowCount),
  }
}

function ascending(view: DataView, start: number, count: number): BigUint64Array {
  const values = new BigUint64Array(count)
  for (let i = 0; i < count; i++) {
    values[i] = view.getBigUint64(start + 8 * i, true)
    if (i > 0 && values[i]! <= values[i - 1]!) invalid('fingerprints ascend, each once', `position ${i} of ${count}`)
  }
  return values
}

function padded(length: number): number {
  return Math.ceil(length / 8) * 8
}

function invalid(rule: string, value: string): never {
  throw new VigieError('artefact_invalid', 'these bytes are no fingerprints', { rule, value })
}
