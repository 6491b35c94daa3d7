import { readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { readSuite } from '../../src/adapters/great-expectations/suite.ts'
import { SuiteCheck } from '../../src/adapters/great-expectations/suite-check.ts'
import { SUITE_CASES } from '../interchange/suite-cases.ts'
import { ask, noPeers } from './peers.ts'

// The tests in `interchange/` hold our verdicts against these; they were recorded by this very question.
const recorded = path.join(import.meta.dirname, '../fixtures/great-expectations/verdicts.json')

interface Answer {
  readonly verdicts: unknown
  /** By case, file and expectation; null where it counts no rows. */
  readonly unexpected: readonly (readonly (readonly (number | null)[])[])[]
}

describe.skipIf(noPeers)('Great Expectations', () => {
  let asked: Promise<Answer>
  beforeAll(() => {
    asked = ask('great_expectations_verdicts.py', SUITE_CASES)
  })

  test('says of every file of every case what was recorded', async () => {
    expect((await asked).verdicts).toEqual(JSON.parse(readFileSync(recorded, 'utf8')).verdicts)
  }, 180_000)

  test('counts as many rows as `vigie contract check`, where it counts any', async () => {
    const { unexpected } = await asked
    for (const [i, { what, expectations, files }] of SUITE_CASES.entries()) {
      for (const [j, text] of files.entries()) {
        const check = new SuiteCheck(readSuite({ name: 'data', expectations }), 'data', 'id')
        check.push(Buffer.from(text))
        const ours = check.end().results.map(({ result }) => result.unexpected_count)
        for (const [k, theirs] of unexpected[i]![j]!.entries()) {
          if (theirs !== null) expect({ what, j, k, count: ours[k] }).toEqual({ what, j, k, count: theirs })
        }
      }
    }
  }, 180_000)
})
