import { setTimeout as sleep } from 'node:timers/promises'
import pg, { type ClientConfig } from 'pg'
import { CHAMPION_CHANNEL } from './move-champion.ts'

/** A lost notification, or a connection that died without a sign, is made up for within this time. */
const POLL_MS = 2000
/** Between attempts to reach a database that is away. */
const RECONNECT_MS = 500

/**
 * Follows the epoch of one model on a connection of its own: asks for it when notified, and every two seconds besides.
 * While the database is away it tries again for as long as it takes, and asks first thing when it is back. Resolves,
 * once it has asked or found the database away, to how to stop.
 *
 * @param changed called for each epoch that is not the last one seen, the first time too; must not throw
 */
export async function watchChampion(
  connection: ClientConfig,
  model: string,
  changed: () => void,
): Promise<() => Promise<void>> {
  const started = Promise.withResolvers<void>()
  const stopped = Promise.withResolvers<void>()
  let running = true
  let seen: number | null = null

  function onEpoch(epoch: number): void {
    if (epoch !== seen && running) changed()
    seen = epoch
    started.resolve()
  }

  async function watch(): Promise<void> {
    while (running) {
      await followEpoch(connection, model, onEpoch, stopped.promise)
      started.resolve()
      if (running) await Promise.race([stopped.promise, sleep(RECONNECT_MS, undefined, { ref: false })])
    }
  }

  const watching = watch()
  await started.promise
  return () => {
    running = false
    stopped.resolve()
    return watching
  }
}

/** Lasts as long as one connection does, or until `stopped`. Never fails: whatever ends it, the answer is another. */
async function followEpoch(
  connection: ClientConfig,
  model: string,
  onEpoch: (epoch: number) => void,
  stopped: Promise<void>,
): Promise<void> {
  const client = new pg.Client({ ...connection, query_timeout: POLL_MS })
  const ended = Promise.withResolvers<void>()
  const end = () => ended.resolve()
  client.on('end', end).on('error', end)
  const ask = () =>
    client
      .query<{ epoch: number }>('select coalesce(max(epoch), 0) as epoch from vigie.reign where model = $1', [model])
      .then(({ rows }) => onEpoch(rows[0]!.epoch), end)

  const listening = client.connect().then(() => client.query(`listen ${CHAMPION_CHANNEL}`))
  const alive = await listening.then(
    () => true,
    () => false,
  )
  if (alive) {
    client.on('notification', () => void ask())
    const poll = setInterval(() => void ask(), POLL_MS)
    void ask()
    await Promise.race([ended.promise, stopped])
    clearInterval(poll)
  }
  await client.end()
}
