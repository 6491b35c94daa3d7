import { test } from 'vitest'
import { openOfflineStore } from '../../src/adapters/duckdb/offline-store.ts'
import { checkHistories } from './check-histories.ts'

test('3,000 random histories are joined as a search through all of them says', async () => {
  await checkHistories((folder) => openOfflineStore({ folder }), { histories: 500, worlds: 6, seed: 20_240_229 })
}, 120_000)
