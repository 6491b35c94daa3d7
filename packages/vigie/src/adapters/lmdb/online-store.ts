import { type AsOf, asOfDays, asOfFromDays } from '../../domain/as-of.ts'
import type { FeatureSpec } from '../../domain/feature-spec.ts'
import type { Frame } from '../../domain/frame.ts'
import { micros } from '../../domain/point-in-time.ts'
import { VigieError } from '../../errors.ts'
import type { OnlineStore, OnlineVector } from '../../ports/online-store.ts'
import { planReads, type ViewPlan } from './read-plan.ts'
import { type Age, asOfDaysOf, layoutId } from './vector.ts'
import { openDatabase, type VectorDatabase, vectorKey, vectorReader, viewRecord } from './vector-database.ts'
import { openWriter, type Writer } from './writer.ts'

/** A key has at most 256 characters, each of at most two code units. LMDB throws on keys beyond its own limit. */
const KEY_UNITS = 512

/** Opens the online store: one LMDB file and its lock file beside it. Other processes may read while one writes. */
export function openOnlineStore(file: string): OnlineStore {
  return new LmdbOnlineStore(openDatabase(file), openWriter(file))
}

class LmdbOnlineStore implements OnlineStore {
  readonly #database: VectorDatabase
  readonly #writer: Writer
  readonly #plans = new WeakMap<FeatureSpec, readonly ViewPlan[]>()
  readonly #get: (key: string) => DataView | undefined
  #lastDay = Number.NaN
  #lastAsOf = '' as AsOf

  constructor(database: VectorDatabase, writer: Writer) {
    this.#database = database
    this.#writer = writer
    this.#get = vectorReader(database)
  }

  async materialize(view: string, rows: Frame, at: { readonly asOf: AsOf; readonly knownAt: string }): Promise<number> {
    const age: Age = { asOfDays: asOfDays(at.asOf), knownAtMicros: Number(micros(at.knownAt)) }
    const changed = await this.#writer.write(view, rows, age)
    // Else reads of this turn could still see the state before.
    this.#database.resetReadTxn()
    return changed
  }

  read(key: string, spec: FeatureSpec): OnlineVector | null {
    // Encoding a lone surrogate gives U+FFFD, which a key may hold.
    if (key.length > KEY_UNITS || !key.isWellFormed()) return null
    const known = this.#plans.get(spec)
    if (known) {
      const vector = this.#assemble(key, spec, known)
      if (vector !== 'other layout') return vector
    }
    // The first read of this spec, or a view was written under another definition since.
    const plan = planReads(spec, (view) => viewRecord(this.#database, view))
    if (!plan) return null
    this.#plans.set(spec, plan)
    const vector = this.#assemble(key, spec, plan)
    if (vector === 'other layout') {
      throw new VigieError('internal', 'a stored vector has another layout than its view', {
        rule: 'all vectors of a view are packed alike',
      })
    }
    return vector
  }

  count(view: string): number {
    return viewRecord(this.#database, view)?.entities ?? 0
  }

  async close(): Promise<void> {
    await this.#writer.close()
    await this.#database.close()
  }

  /** Reads of one turn of the event loop see one state of the database, so the views belong together. */
  #assemble(key: string, spec: FeatureSpec, plan: readonly ViewPlan[]): OnlineVector | null | 'other layout' {
    const values = new Float64Array(spec.length)
    let oldest = Number.POSITIVE_INFINITY
    for (const { view, layout, offsets, positions } of plan) {
      const vector = this.#get(vectorKey(view, key))
      if (!vector) return null
      if (layoutId(vector) !== layout) return 'other layout'
      for (let i = 0; i < offsets.length; i++) values[positions[i]!] = vector.getFloat64(offsets[i]!, true)
      oldest = Math.min(oldest, asOfDaysOf(vector))
    }
    return { values, asOf: this.#asOf(oldest) }
  }

  /** Almost all entities are of one date, so its text is kept. */
  #asOf(day: number): AsOf {
    if (day !== this.#lastDay) {
      this.#lastAsOf = asOfFromDays(day)
      this.#lastDay = day
    }
    return this.#lastAsOf
  }
}
