import { expect, it } from 'vitest'
import { loopForTests, MOMENTS } from './interrupted-loop.ts'

const loop = loopForTests()

it('finishes on the next start wherever it was killed', async () => {
  const undisturbed = await loop.place()
  const wanted = await undisturbed.result(await undisturbed.finish())
  for (const moment of MOMENTS) {
    const place = await loop.place()
    await place.killAt(moment)
    expect(await place.result(await place.finish()), moment.name).toEqual(wanted)
  }
})

it('finishes when every start is killed a little later than the one before', async () => {
  const undisturbed = await loop.place()
  const wanted = await undisturbed.result(await undisturbed.finish())
  const place = await loop.place()
  for (const moment of MOMENTS) await place.killAgainAt(moment)
  expect(await place.result(await place.finish())).toEqual(wanted)
})
