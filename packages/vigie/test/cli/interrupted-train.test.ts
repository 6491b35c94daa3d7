import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { tablesOf } from '../home-contents.ts'
import { vigie } from '../program.ts'
import { preparedHome } from './prepared-home.ts'

const prepared = preparedHome()
// The loop saw no reason to train on this date.
const train = ['train', '--as-of', '2024-02-29', '--json'] as const

it('a training that is interrupted, whenever that is, registers nothing, and the next does all of it', {
  timeout: 120_000,
}, async () => {
  const registered = async () => (await tablesOf(prepared.database))['vigie.model_version']
  const before = await registered()
  expect(before).toHaveLength(2)
  let interrupted = 0
  for (let ms = 300; ; ms += 500) {
    const program = vigie([...train, '--home', prepared.home])
    const ended = await Promise.race([program.ended, sleep(ms).then(() => program.kill('SIGINT'))])
    if (ended.status === 0) break
    expect(ended, ended.stderr).toMatchObject({ stdout: '' })
    expect(ended.signal ?? ended.status, ended.stderr).toBeOneOf(['SIGINT', 130])
    interrupted++
    expect(await registered()).toEqual(before)
  }
  expect(interrupted).toBeGreaterThan(0)
  expect(await registered()).toHaveLength(3)
  // What was registered can be read, and is what training gives again.
  const again = await prepared.ask(...train.slice(0, 3))
  expect(again).toMatchObject({ status: 0, json: { version: 3 } })
  expect((await registered())!.filter((row) => row.includes(again.json.artefact))).toHaveLength(1)
})
