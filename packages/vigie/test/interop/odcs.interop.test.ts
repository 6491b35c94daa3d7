import { describe, expect, test } from 'vitest'
import everyOption from '../../../../examples/every-option/vigie.config.ts'
import streamflow from '../../../../examples/streamflow/vigie.config.ts'
import { exportContract } from '../../src/adapters/odcs/export-contract.ts'
import { contractText } from '../../src/adapters/odcs/text.ts'
import { peculiar } from '../interchange/peculiar-project.ts'
import { ask, noPeers } from './peers.ts'

interface Held {
  readonly errors: readonly string[]
  readonly contract: unknown
}

describe.skipIf(noPeers)('an exported contract', () => {
  const documents = [streamflow, everyOption, peculiar].map((project) => exportContract(project))

  test('is valid under the official schema of ODCS 3.1.0, and reads the same as YAML 1.1', async () => {
    const held = await ask<readonly Held[]>('odcs.py', documents.map(contractText))
    expect(held.flatMap(({ errors }) => errors)).toEqual([])
    expect(held.map(({ contract }) => contract)).toEqual(JSON.parse(JSON.stringify(documents)))
  })

  test('would not be with a word of its own', async () => {
    const [{ errors }] = (await ask<readonly Held[]>('odcs.py', [contractText({ ...documents[0], own: 1 })])) as [Held]
    expect(errors).not.toEqual([])
  })
})
