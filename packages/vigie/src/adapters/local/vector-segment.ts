import { crc32 } from 'node:zlib'
import type { FeatureStatus } from '../../domain/feature-status.ts'
import type { OnlineRequest } from '../../ports/online-store.ts'
import type { Served, ServedBatch } from '../../ports/served-vectors.ts'

/**
 * A segment of the log: eight bytes of magic, then batches of a length, a CRC-32 and a payload of records. A record is
 * a request (how vectors were read, numbered from 0 in its segment) or a row. All numbers are little-endian.
 */
export const MAGIC = Buffer.from('VGSERV01')
export const BATCH_HEADER = 8

const REQUEST = 1
const ROW = 2
/** Kind, number of the request, length of the key, time, stamp. */
const ROW_HEADER = 1 + 2 + 2 + 8 + 8
const STATUSES: readonly FeatureStatus[] = ['PRESENT', 'NULL_VALUE', 'NOT_FOUND', 'OUTSIDE_MAX_AGE']
const CODES = new Map(STATUSES.map((status, code) => [status, code]))

/** Where a batch is put together. */
export interface BatchBuffer {
  readonly bytes: Buffer
  /** Position after the last record. */
  end: number
  rows: number
}

export function emptyBatch(capacity: number): BatchBuffer {
  return { bytes: Buffer.alloc(capacity), end: BATCH_HEADER, rows: 0 }
}

/** False when it does not fit. */
export function putRequest(batch: BatchBuffer, request: OnlineRequest): boolean {
  const json = Buffer.from(JSON.stringify(request))
  if (batch.end + 5 + json.length > batch.bytes.length) return false
  batch.bytes.writeUInt8(REQUEST, batch.end)
  batch.bytes.writeUInt32LE(json.length, batch.end + 1)
  json.copy(batch.bytes, batch.end + 5)
  batch.end += 5 + json.length
  return true
}

/** False when it does not fit. */
export function putRow(batch: BatchBuffer, request: number, { key, at, stamp, vector }: Served): boolean {
  const { bytes, end } = batch
  const { values, statuses } = vector
  // A code unit is at most three bytes.
  if (end + ROW_HEADER + 3 * key.length + 9 * values.length > bytes.length) return false
  const keyBytes = bytes.write(key, end + ROW_HEADER)
  bytes.writeUInt8(ROW, end)
  bytes.writeUInt16LE(request, end + 1)
  bytes.writeUInt16LE(keyBytes, end + 3)
  bytes.writeDoubleLE(at, end + 5)
  bytes.writeDoubleLE(stamp, end + 13)
  let position = end + ROW_HEADER + keyBytes
  for (let i = 0; i < values.length; i++, position += 8) bytes.writeDoubleLE(values[i]!, position)
  for (let i = 0; i < values.length; i++) bytes[position++] = CODES.get(statuses[i]!)!
  batch.end = position
  batch.rows++
  return true
}

/** The bytes of a batch, to be appended to its segment. */
export function sealed({ bytes, end }: BatchBuffer): Buffer {
  bytes.writeUInt32LE(end - BATCH_HEADER, 0)
  bytes.writeUInt32LE(crc32(bytes.subarray(BATCH_HEADER, end)), 4)
  return bytes.subarray(0, end)
}

/**
 * What a segment holds, up to the first batch that is not whole: a program that was killed leaves such an end. In the
 * order in which the rows were served, as batches of one request each.
 */
export function parseSegment(bytes: Buffer): readonly ServedBatch[] {
  const batches: { request: OnlineRequest; rows: ServedBatch['rows'][number][] }[] = []
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return batches
  for (let start = MAGIC.length; start + BATCH_HEADER <= bytes.length; ) {
    const end = start + BATCH_HEADER + bytes.readUInt32LE(start)
    const payload = bytes.subarray(start + BATCH_HEADER, end)
    if (end > bytes.length || crc32(payload) !== bytes.readUInt32LE(start + 4)) break
    for (let at = 0; at < payload.length; ) {
      if (payload[at] === REQUEST) {
        const length = payload.readUInt32LE(at + 1)
        const request = JSON.parse(payload.toString('utf8', at + 5, at + 5 + length)) as OnlineRequest
        batches.push({ request, rows: [] })
        at += 5 + length
      } else {
        const { request, rows } = batches[payload.readUInt16LE(at + 1)]!
        const { row, next } = readRow(payload, at, request.features.length)
        rows.push(row)
        at = next
      }
    }
    start = end
  }
  return batches
}

function readRow(payload: Buffer, at: number, columns: number) {
  const keyEnd = at + ROW_HEADER + payload.readUInt16LE(at + 3)
  const values = Float64Array.from({ length: columns }, (_, i) => payload.readDoubleLE(keyEnd + 8 * i))
  const codes = keyEnd + 8 * columns
  const row = {
    key: payload.toString('utf8', at + ROW_HEADER, keyEnd),
    at: payload.readDoubleLE(at + 5),
    stamp: payload.readDoubleLE(at + 13),
    values,
    statuses: Array.from({ length: columns }, (_, i) => STATUSES[payload[codes + i]!]!),
  }
  return { row, next: codes + columns }
}
