import { type Visible, viewHistory, visibleBatches } from '../../domain/point-in-time.ts'
import type { NewestRows, OfflineStore, ViewSource } from '../../ports/offline-store.ts'
import type { TableFile } from '../../ports/snapshots.ts'
import { rowsOf } from './columns.ts'
import { featureExpressions, refuseUnlisted } from './feature-columns.ts'
import { EventOrder, tablesHit } from './join-events.ts'
import { joinPrevious } from './join-snapshot.ts'
import { inKeyOrder } from './key-order.ts'
import type { Execution } from './point-in-time-join.ts'
import { positioned } from './positions.ts'
import { readTable } from './read-table.ts'
import { identifier } from './sql.ts'
import { requireColumn, type StoredTable } from './stored-table.ts'

type Request = Parameters<OfflineStore['newest']>[0]

interface Source {
  readonly batch: Visible<TableFile>
  readonly table: StoredTable
  readonly previous: StoredTable | null
}

/** For every key the newest row of a view that is visible at one moment. */
export async function newestRows(execution: Omit<Execution, 'spine'>, request: Request): Promise<NewestRows> {
  const { view, features, at, only } = request
  // Age is judged by whoever reads the rows, later.
  const history = viewHistory(request, { ...view, ttlMs: null })
  const visible = visibleBatches(history, { eventUs: at, knownUs: at }).filter(
    ({ id, firstUs }) => (only === undefined || only.has(id)) && firstUs <= at,
  )
  // Of snapshots the later date wins, however late an earlier one was corrected; of events the later known.
  if (history.dated === 'snapshot') visible.sort((a, b) => a.lastUs - b.lastUs)
  const sources: Source[] = []
  for (const batch of visible) {
    const table = await execution.open(batch.table)
    const lagged = batch.previous !== null && features.some(({ lag }) => lag)
    sources.push({ batch, table, previous: lagged ? await execution.open(batch.previous!) : null })
  }
  const single = history.dated === 'snapshot' && sources.length === 1
  return byKey(await (single ? oneSnapshot(execution, sources[0]!, request) : chosenRows(execution, sources, request)))
}

async function oneSnapshot(
  { connection }: Pick<Execution, 'connection'>,
  { batch, table, previous }: Source,
  { view: { key }, features }: Request,
): Promise<NewestRows> {
  const frame = await readTable(connection, { ...table, rows: batch.table.rows }, key, features, previous)
  const all = (time: number) => new Float64Array(frame.keys.length).fill(time)
  return { ...frame, eventTimes: all(batch.lastUs), knownTimes: all(batch.knownUs) }
}

/** Chooses rows by key and time alone, then fetches their values by position. */
async function chosenRows(
  { connection }: Pick<Execution, 'connection'>,
  sources: readonly Source[],
  request: Request,
): Promise<NewestRows> {
  const keys: string[] = []
  if (sources.length > 0) {
    await connection.run(`
      create or replace temp table hits as
      select (row_number() over (order by key) - 1)::integer as row, key, tab::integer as tab, n, time
      from (${request.view.eventTime === null ? newestSnapshots(sources, request) : newestEvents(sources, request)})`)
    for await (const rows of rowsOf(connection, 'select key from hits order by row')) keys.push(...rows.texts(0))
  }
  const column = () => new Float64Array(keys.length)
  const newest: NewestRows = {
    spec: request.features,
    keys,
    columns: request.features.map(column),
    label: null,
    eventTimes: column(),
    knownTimes: column(),
  }
  if (keys.length === 0) return newest
  for (const tab of await tablesHit(connection)) await fetch(connection, sources[tab]!, tab, request.view, newest)
  return newest
}

function newestSnapshots(sources: readonly Source[], { view: { key } }: Request): string {
  const rows = sources.map(({ table }, tab) => {
    requireColumn(table, key, 'VARCHAR')
    const { relation, position } = positioned(table)
    // One whole number says date and row: later dates have higher numbers.
    return `select ${identifier(key)} as key, (${tab}::bigint << 40) + ${position} as place
      from ${relation}`
  })
  return `
    select key, place >> 40 as tab, place & ((1::bigint << 40) - 1) as n, 0::double as time
    from (select key, max(place) as place from (${rows.join(' union all ')}) group by key)`
}

function newestEvents(sources: readonly Source[], { view, at }: Request): string {
  const order = new EventOrder(view, sources.length)
  const events = order.events(sources.map(({ table }) => ({ table, fromUs: -Infinity })))
  return `
    select key, chosen.tab, chosen.n, epoch_us(chosen.time)::double as time
    from (
      select key, arg_max({'time': time, 'tab': tab, 'n': n}, moment) as chosen
      from (${events}) where time <= make_timestamp(${at}::bigint) group by key)`
}

async function fetch(
  connection: Execution['connection'],
  { batch, table, previous }: Source,
  tab: number,
  { key, eventTime }: ViewSource,
  { spec, columns, eventTimes, knownTimes }: NewestRows,
): Promise<void> {
  const values = featureExpressions(spec, table, previous).join(', ')
  const { relation, position } = positioned(table)
  for await (const rows of rowsOf(
    connection,
    `select h.row, h.time, ${values} from (from hits where tab = ${tab}) h
     join ${relation} t on h.n = t.${position}
     ${joinPrevious(previous, key, 'h.key')}`,
  )) {
    refuseUnlisted(spec, rows, 2)
    const at = rows.ints(0)
    const time = rows.floats(1)
    for (let r = 0; r < rows.count; r++) {
      eventTimes[at[r]!] = eventTime === null ? batch.lastUs : time[r]!
      knownTimes[at[r]!] = batch.knownUs
    }
    for (const [f, target] of columns.entries()) {
      const column = rows.floats(2 + f)
      for (let r = 0; r < rows.count; r++) target[at[r]!] = column[r]!
    }
  }
}

function byKey(rows: NewestRows): NewestRows {
  const { eventTimes, knownTimes } = rows
  const ordered = inKeyOrder({ ...rows, columns: [...rows.columns, eventTimes, knownTimes] })
  const columns = ordered.columns.slice(0, -2)
  const [events, known] = ordered.columns.slice(-2)
  return { ...ordered, columns, eventTimes: events!, knownTimes: known! }
}
