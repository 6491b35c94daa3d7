import { describe, expect, test } from 'vitest'
import project from '../../../../examples/streamflow/vigie.config.ts'
import { ask, noPeers } from './peers.ts'
import { simulatedMonths } from './simulated-months.ts'

const USERS = 2000

/** What each type of the definition is to Arrow. */
const ARROW = {
  string: 'string',
  category: 'string',
  boolean: 'bool',
  int: 'int64',
  float: 'double',
  date: 'date32[day]',
  timestamp: 'timestamp[us]',
} as const

describe.skipIf(noPeers)('a stored table', () => {
  const months = simulatedMonths({ users: USERS })

  test.each(Object.values(project.sources))(
    '$name is to pyarrow what was delivered, with its types',
    async (source) => {
      const table = months.stored(await months.importSource('month_000', source.name))
      const csv = months.delivered('month_000', source.name)
      const { types, rows, different } = await ask<{
        readonly types: Readonly<Record<string, string>>
        readonly rows: number
        readonly different: readonly string[]
      }>('parquet.py', { table, csv, key: source.key })
      const declared = source.columns.map(({ name, type }) => [name, ARROW[type]])
      const undeclared = source.unused.map((name) => [name, 'string'])
      expect(types).toEqual(Object.fromEntries([...declared, ...undeclared]))
      expect(rows).toBe(USERS)
      expect(different).toEqual([])
    },
  )
})
