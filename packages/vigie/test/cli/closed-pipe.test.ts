import { expect, it } from 'vitest'
import { vigie } from '../program.ts'

it('a reader that goes away ends the printing, not the command', async () => {
  const program = vigie(['check'])
  program.child.stdout!.destroy()
  expect(await program.ended).toMatchObject({ status: 0, signal: null, stderr: '' })
})
