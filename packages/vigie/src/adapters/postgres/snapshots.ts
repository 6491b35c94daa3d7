import { createHash } from 'node:crypto'
import type { AsOf } from '../../domain/as-of.ts'
import { canonicalJson } from '../../domain/canonical-json.ts'
import { VigieError } from '../../errors.ts'
import type { Snapshot, Snapshots } from '../../ports/snapshots.ts'
import type { Database, Queries } from './database.ts'

type Delivery = Parameters<Snapshots['commit']>[0]

const COLUMNS = `id, vigie.iso(as_of) as "asOf", version, vigie.iso(known_at) as "knownAt", assumed,
  content_hash as "contentHash", rows, tables`

/** The catalogue of snapshots in the table `vigie.snapshot`. */
export function postgresSnapshots(database: Database): Snapshots {
  return {
    now: async () => (await database.row<{ now: string }>('select vigie.iso(clock_timestamp()) as now'))!.now,
    list: () => database.rows<Snapshot>(`select ${COLUMNS} from vigie.snapshot s order by s.as_of, s.version`),
    latest: (asOf) => newest(database, asOf),
    commit: (delivery) => database.transaction((tx) => commit(tx, delivery)),
  }
}

function newest(queries: Queries, asOf: AsOf): Promise<Snapshot | null> {
  return queries.row<Snapshot>(
    `select ${COLUMNS} from vigie.snapshot s where s.as_of = $1 order by s.version desc limit 1`,
    [asOf],
  )
}

async function commit(tx: Queries, delivery: Delivery): Promise<{ snapshot: Snapshot; already: boolean }> {
  // Commits are rare and short: one after the other, whatever the date. Readers are not held up.
  await tx.run('lock table vigie.snapshot in share row exclusive mode')
  const current = await newest(tx, delivery.asOf)
  const same = await sameContent(tx, delivery)
  // A correction may bring old content back, and that is a new version. Without the flag, old content that comes
  // again is the same command run again.
  if (same && (!delivery.correction || same.id === current?.id)) return { snapshot: same, already: true }
  if (current && !delivery.correction) {
    throw new VigieError('already_ingested_differently', `${delivery.asOf} was ingested before with other content`, {
      rule: 'the content of a date changes only by a correction',
      value: `sha256 ${delivery.contentHash.slice(0, 12)}, version ${current.version} has ${current.contentHash.slice(0, 12)}`,
      asOf: delivery.asOf,
    })
  }
  return { snapshot: await insert(tx, delivery, current), already: false }
}

function sameContent(tx: Queries, { asOf, contentHash }: Delivery): Promise<Snapshot | null> {
  return tx.row<Snapshot>(
    `select ${COLUMNS} from vigie.snapshot s where s.as_of = $1 and s.content_hash = $2
      order by s.version desc limit 1`,
    [asOf, contentHash],
  )
}

/**
 * `known_at` is the database's clock. A first version that comes later than declared is a backfill, and counts as known
 * from when it was due: the end of its day and `arrivesMs`. A correction is known strictly after what it corrects, even
 * if the clock was set back.
 */
async function insert(tx: Queries, delivery: Delivery, corrected: Snapshot | null): Promise<Snapshot> {
  const { asOf, contentHash, rows, tables, arrivesMs } = delivery
  const version = (corrected?.version ?? 0) + 1
  const inserted = await tx.row<Snapshot>(
    `with instant as (
      select clock_timestamp() as now,
        ($2::date + 1)::timestamp at time zone 'UTC' + $7 * interval '1 millisecond' as due,
        $8::timestamptz + interval '1 microsecond' as soonest
    )
    insert into vigie.snapshot as s (id, as_of, version, content_hash, rows, tables, known_at, assumed)
    select $1, $2, $3, $4, $5, $6,
      case when soonest is null then least(now, due) else greatest(now, soonest) end,
      soonest is null and due < now
    from instant
    returning ${COLUMNS}`,
    [
      snapshotId(asOf, version, contentHash),
      asOf,
      version,
      contentHash,
      rows,
      canonicalJson(tables),
      arrivesMs,
      corrected?.knownAt ?? null,
    ],
  )
  return inserted!
}

function snapshotId(asOf: AsOf, version: number, contentHash: string): string {
  return createHash('sha256').update(canonicalJson({ asOf, contentHash, version })).digest('hex').slice(0, 16)
}
