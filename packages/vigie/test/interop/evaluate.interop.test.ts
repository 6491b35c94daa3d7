import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { vigie } from '../program.ts'
import { ask, expectClose, noPeers } from './peers.ts'

type Values = Readonly<Record<string, number>>
interface Told {
  readonly value: number
  readonly low: number
  readonly high: number
}
interface Theirs {
  readonly [of: string]: Values
  readonly brier: Values & Told
  readonly logLossGain: Values & Told
  readonly mae: Values & Told
}

const CLOSE = 1e-9

describe.skipIf(noPeers)('vigie evaluate on files of pandas', { timeout: 300_000 }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'vigie-evaluate-interop-'))
  let theirs: Theirs & { readonly gainAtTenth: number }
  beforeAll(async () => {
    theirs = await ask('evaluate.py', { folder })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  async function evaluate(...args: readonly string[]) {
    const { status, stdout, stderr } = await vigie(['evaluate', ...args, '--json'], { cwd: folder }).ended
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.anything() })
    return JSON.parse(stdout)
  }

  function expectMetrics(found: Readonly<Record<string, Told>>, expected: Values): void {
    for (const [name, value] of Object.entries(expected)) expectClose(name, found[name]!.value, value, CLOSE)
  }

  const CHURN = ['--label', 'churned', '--threshold', '0.3'] as const

  test('finds the metrics of scikit-learn, and the intervals of scipy for means', async () => {
    const { metrics, against, paired, slices } = await evaluate(
      ...['churn.csv.gz', ...CHURN, '--score', 'new', '--against', 'old', '--slices', 'plan'],
    )
    expectMetrics(metrics, theirs.churn!)
    expectMetrics(against.metrics, theirs.ties!)
    expectMetrics(slices.find(({ value }: { value: string }) => value === 'pro').metrics, theirs.pro!)
    expectClose('gain at 10 %', metrics.gainAtTenth.value, theirs.gainAtTenth, CLOSE)
    expectClose('low', metrics.brier.low, theirs.brier.low, CLOSE)
    expectClose('high', metrics.brier.high, theirs.brier.high, CLOSE)
    expectClose('gain', paired.logLoss.gain, theirs.logLossGain.value, CLOSE)
    expectClose('low gain', paired.logLoss.low, theirs.logLossGain.low, CLOSE)
    expectClose('high gain', paired.logLoss.high, theirs.logLossGain.high, CLOSE)
  })

  test('so it is with weights, with texts as labels, and from Parquet with booleans and float32', async () => {
    const weighted = await evaluate('churn.csv.gz', ...CHURN, '--score', 'old', '--weight', 'w')
    expectMetrics(weighted.metrics, theirs.weighted!)
    const texts = await evaluate('churn-texts.csv', ...CHURN, '--score', 'new', '--positive', 'leaves')
    expectMetrics(texts.metrics, theirs.churn!)
    const parquet = await evaluate('churn.parquet', ...CHURN, '--score', 'new', '--against', 'new32')
    expectMetrics(parquet.metrics, theirs.churn!)
    expectMetrics(parquet.against.metrics, theirs.float32!)
  })

  test('and for several classes and numbers', async () => {
    const args = ['--label', 'kind', '--score', 'p_ant,p_bee,p_cat,p_dog']
    expectMetrics((await evaluate('animals.csv', ...args)).metrics, theirs.animals!)
    expectMetrics((await evaluate('animals.csv', ...args, '--weight', 'w')).metrics, theirs.weightedAnimals!)
    const rents = ['rents.parquet', '--label', 'rent', '--score', 'predicted'] as const
    const { metrics } = await evaluate(...rents)
    expectMetrics(metrics, theirs.rents!)
    expectClose('low', metrics.mae.low, theirs.mae.low, CLOSE)
    expectMetrics((await evaluate(...rents, '--weight', 'w')).metrics, theirs.weightedRents!)
  })
})
