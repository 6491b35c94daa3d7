import { setTimeout as sleep } from 'node:timers/promises'

/** What callers saw while the loop ran. */
export interface LiveRequests {
  readonly answered: number
  readonly failed: number
  /** Versions in the order in which they first answered. */
  readonly versions: readonly number[]
}

const PAUSE_MS = 100

/**
 * Asks for one prediction after the other, from the first champion on, so that swaps happen under requests and everyone
 * can see that none fails. Light on purpose: it shows that a swap works, `bench/serve.ts` how much the server bears.
 */
export function askAllTheTime(
  url: string,
  keys: readonly string[],
  keyName: string,
): { stop(): Promise<LiveRequests> } {
  let asking = true
  let answered = 0
  let failed = 0
  const versions: number[] = []

  async function ask(key: string): Promise<void> {
    const response = await fetch(`${url}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ [keyName]: key }),
    }).catch(() => null) // the server hung up: that is a failed request, and is counted
    if (!response?.ok) {
      failed++
      return
    }
    const { version } = (await response.json()) as { version: number }
    answered++
    if (!versions.includes(version)) versions.push(version)
  }

  const done = (async () => {
    while (asking && (await servedNow(url)) === null) await sleep(PAUSE_MS)
    for (let i = 0; asking; i++) {
      const key = keys[i % keys.length]
      if (key !== undefined) await ask(key)
      await sleep(PAUSE_MS)
    }
  })()

  return {
    async stop() {
      asking = false
      await done
      return { answered, failed, versions }
    },
  }
}

const SWAP_PATIENCE_MS = 5000

/** The version that answers, as soon as it is the wanted one; what answers after 5 s otherwise. */
export async function servedVersion(url: string, wanted: number): Promise<{ readonly version: number } | null> {
  const end = performance.now() + SWAP_PATIENCE_MS
  for (;;) {
    const version = await servedNow(url)
    if (version === wanted || performance.now() > end) return version === null ? null : { version }
    await sleep(10)
  }
}

async function servedNow(url: string): Promise<number | null> {
  const response = await fetch(`${url}/model`)
  return response.ok ? ((await response.json()) as { version: number }).version : null
}
