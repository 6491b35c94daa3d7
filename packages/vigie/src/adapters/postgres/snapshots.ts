import { createHash } from 'node:crypto'
import type { AsOf } from '../../domain/as-of.ts'
import { canonicalJson } from '../../domain/canonical-json.ts'
import { VigieError } from '../../errors.ts'
import type { Push, Snapshot, Snapshots } from '../../ports/snapshots.ts'
import type { Database, Queries } from './database.ts'

type Delivery = Parameters<Snapshots['commit']>[0]
type PushedRows = Parameters<Snapshots['push']>[0]

const COLUMNS = `id, vigie.iso(as_of) as "asOf", version, vigie.iso(known_at) as "knownAt", assumed,
  vigie.iso(coalesce(ingested_at, known_at)) as "ingestedAt", content_hash as "contentHash", rows, tables, approvals`

const PUSH_COLUMNS = `id, source, vigie.iso(known_at) as "knownAt", "table"`

/** The catalogue in the tables `vigie.snapshot` and `vigie.push`. */
export function postgresSnapshots(database: Database): Snapshots {
  return {
    now: async () => (await database.row<{ now: string }>('select vigie.iso(clock_timestamp()) as now'))!.now,
    list: () => database.rows<Snapshot>(`select ${COLUMNS} from vigie.snapshot s order by s.as_of, s.version`),
    latest: (asOf) => newest(database, asOf),
    commit: (delivery) => database.transaction((tx) => commit(tx, delivery)),
    pushes: () => database.rows<Push>(`select ${PUSH_COLUMNS} from vigie.push p order by p.known_at`),
    push: (rows) => database.transaction((tx) => push(tx, rows)),
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
  if (same && !delivery.correction) return { snapshot: same, already: true }
  if (current && same?.id === current.id && sameTables(current, delivery)) return { snapshot: current, already: true }
  if (current && !delivery.correction) {
    throw new VigieError('already_ingested_differently', `${delivery.asOf} was ingested before with other content`, {
      rule: 'the content of a date changes only by a correction',
      value: `sha256 ${delivery.contentHash.slice(0, 12)}, version ${current.version} has ${current.contentHash.slice(0, 12)}`,
      asOf: delivery.asOf,
    })
  }
  return { snapshot: await insert(tx, delivery, current), already: false }
}

/** The same bytes are other tables when the definition reads them otherwise than before. */
function sameTables(a: Pick<Delivery, 'tables'>, b: Pick<Delivery, 'tables'>): boolean {
  const hashes = ({ tables }: Pick<Delivery, 'tables'>) =>
    canonicalJson(Object.fromEntries(Object.entries(tables).map(([source, { sha256 }]) => [source, sha256])))
  return hashes(a) === hashes(b)
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
  const { asOf, contentHash, rows, tables, arrivesMs, approvals = null } = delivery
  const version = (corrected?.version ?? 0) + 1
  const inserted = await tx.row<Snapshot>(
    `with instant as (
      select clock_timestamp() as now,
        ($2::date + 1)::timestamp at time zone 'UTC' + $7 * interval '1 millisecond' as due,
        $8::timestamptz + interval '1 microsecond' as soonest
    )
    insert into vigie.snapshot as s
      (id, as_of, version, content_hash, rows, tables, approvals, known_at, assumed, ingested_at)
    select $1, $2, $3, $4, $5, $6, $9,
      case when soonest is null then least(now, due) else greatest(now, soonest) end,
      soonest is null and due < now,
      case when soonest is null then now else greatest(now, soonest) end
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
      approvals && canonicalJson(approvals),
    ],
  )
  return inserted!
}

function snapshotId(asOf: AsOf, version: number, contentHash: string): string {
  return createHash('sha256').update(canonicalJson({ asOf, contentHash, version })).digest('hex').slice(0, 16)
}

/** Each push is known strictly after the one before, so that of equal event times one is always the later. */
async function push(tx: Queries, { id, source, table }: PushedRows): Promise<{ push: Push; already: boolean }> {
  await tx.run('lock table vigie.push in share row exclusive mode')
  const there = await tx.row<Push>(`select ${PUSH_COLUMNS} from vigie.push p where p.id = $1`, [id])
  if (there) {
    if (there.source === source && there.table.sha256 === table.sha256) return { push: there, already: true }
    throw new VigieError('push_differs', `push "${id.slice(0, 80)}" was committed before with other rows`, {
      rule: 'an id stands for the same source and rows for ever',
      value: id.slice(0, 80),
      source: there.source,
    })
  }
  const inserted = await tx.row<Push>(
    `insert into vigie.push as p (id, source, known_at, "table")
    select $1, $2, greatest(clock_timestamp(), max(known_at) + interval '1 microsecond'), $3 from vigie.push
    returning ${PUSH_COLUMNS}`,
    [id, source, canonicalJson(table)],
  )
  return { push: inserted!, already: false }
}
