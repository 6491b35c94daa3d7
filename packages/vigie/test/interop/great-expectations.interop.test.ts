import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { SUITE_CASES } from '../interchange/suite-cases.ts'
import { ask, noPeers } from './peers.ts'

// The tests in `interchange/` hold our verdicts against these; they were recorded by this very question.
const recorded = path.join(import.meta.dirname, '../fixtures/great-expectations/verdicts.json')

describe.skipIf(noPeers)('Great Expectations', () => {
  test('says of every file of every case what was recorded', async () => {
    const { verdicts } = await ask<{ readonly verdicts: unknown }>('great_expectations_verdicts.py', SUITE_CASES)
    expect(verdicts).toEqual(JSON.parse(readFileSync(recorded, 'utf8')).verdicts)
  }, 180_000)
})
