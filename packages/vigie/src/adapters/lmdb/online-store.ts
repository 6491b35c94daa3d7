import type { FeatureSpec } from '../../domain/feature-spec.ts'
import { type FeatureStatus, featureStatus } from '../../domain/feature-status.ts'
import { VigieError } from '../../errors.ts'
import type {
  OnlineRequest,
  OnlineRows,
  OnlineStore,
  OnlineVector,
  OnlineView,
  OnlineWrite,
  Written,
} from '../../ports/online-store.ts'
import { FORMAT, layoutOf } from './layout.ts'
import { planReads, type ViewPlan } from './read-plan.ts'
import { eventTimeOf, isOnlineOnly, layoutId } from './vector.ts'
import {
  keysOf,
  lastStamp,
  openDatabase,
  type VectorDatabase,
  vectorKey,
  vectorReader,
  versionsOf,
  viewRecord,
} from './vector-database.ts'
import { openWriter, type Writer } from './writer.ts'

/** A key has at most 256 characters, each of at most two code units. LMDB throws on keys beyond its own limit. */
const KEY_UNITS = 512
/** A view has at most 63 letters, and a NUL follows. */
const KEY_AT = 64

/** Opens the online store: one LMDB file and its lock file beside it. Other processes may read while one writes. */
export function openOnlineStore(file: string): OnlineStore {
  return new LmdbOnlineStore(openDatabase(file), openWriter(file))
}

class LmdbOnlineStore implements OnlineStore {
  readonly #database: VectorDatabase
  readonly #writer: Writer
  readonly #plans = new WeakMap<OnlineRequest, readonly ViewPlan[]>()
  /** Where the keys of a read are put together. */
  readonly #scratch = Buffer.alloc(KEY_AT + 3 * KEY_UNITS)
  readonly #get: (key: Uint8Array) => DataView | undefined

  constructor(database: VectorDatabase, writer: Writer) {
    this.#database = database
    this.#writer = writer
    this.#get = vectorReader(database)
  }

  async materialize(view: string, rows: OnlineRows, write: OnlineWrite): Promise<Written> {
    const written = await this.#writer.write(view, rows, write)
    // Else reads of this turn could still see the state before.
    this.#database.resetReadTxn()
    return written
  }

  read(key: string, request: OnlineRequest, nowMicros: number): OnlineVector {
    const known = this.#plans.get(request)
    if (known) {
      const vector = this.#assemble(key, request, known, nowMicros)
      if (vector) return vector
    }
    // The first read of this request, or a view was written anew since.
    const plan = planReads(request, (view) => viewRecord(this.#database, view))
    // A view that is not there yet may be at the next read.
    if (plan.every(({ layout }) => layout !== null)) this.#plans.set(request, plan)
    const vector = this.#assemble(key, request, plan, nowMicros)
    if (vector) return vector
    throw new VigieError('internal', 'a stored vector has another layout than its view', {
      rule: 'all vectors of a view are packed alike',
    })
  }

  stamp(): number {
    return lastStamp(this.#database)
  }

  view(view: string, features: FeatureSpec): OnlineView | null {
    const record = viewRecord(this.#database, view)
    if (record?.format !== FORMAT || record.id !== layoutOf(features).id) return null
    const { entities, since } = record
    return { entities, since, versions: versionsOf(this.#database, view) }
  }

  onlineOnly(view: string, key: string): boolean {
    const vector = storable(key) ? this.#get(vectorKey(view, key)) : undefined
    return vector !== undefined && isOnlineOnly(vector)
  }

  keys(view: string, limit: number, after?: string): readonly string[] {
    return keysOf(this.#database, view, limit, after)
  }

  count(view: string): number {
    return viewRecord(this.#database, view)?.entities ?? 0
  }

  async close(): Promise<void> {
    await this.#writer.close()
    await this.#database.close()
  }

  /** Reads of one turn see one state of the database, so the views belong together. Null: a view has another layout. */
  #assemble(
    key: string,
    { features }: OnlineRequest,
    plan: readonly ViewPlan[],
    nowMicros: number,
  ): OnlineVector | null {
    const n = features.length
    const values = new Float64Array(n).fill(Number.NaN)
    const eventTimes = new Float64Array(n).fill(Number.NaN)
    const statuses: FeatureStatus[] = new Array(n).fill('NOT_FOUND')
    if (!storable(key)) return { values, statuses, eventTimes }
    const keyEnd = KEY_AT + this.#scratch.write(key, KEY_AT)
    for (const { prefix, layout, maxAge, offsets, positions } of plan) {
      this.#scratch.set(prefix, KEY_AT - prefix.length)
      const vector = this.#get(this.#scratch.subarray(KEY_AT - prefix.length, keyEnd))
      if (!vector) continue
      if (layoutId(vector) !== layout) return null
      const eventTime = eventTimeOf(vector)
      for (let i = 0; i < offsets.length; i++) {
        const at = positions[i]!
        const value = vector.getFloat64(offsets[i]!, true)
        const status = featureStatus(value, eventTime, nowMicros, maxAge)
        if (status === 'PRESENT') values[at] = value
        statuses[at] = status
        eventTimes[at] = eventTime
      }
    }
    return { values, statuses, eventTimes }
  }
}

/** Encoding a lone surrogate gives U+FFFD, which a key may hold. */
function storable(key: string): boolean {
  return key.length <= KEY_UNITS && key.isWellFormed()
}
