import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'
import { noPeers } from './peers.ts'

test.skipIf(noPeers)('the kernel that is carried is what its compiler makes of its source', () => {
  const script = path.resolve(import.meta.dirname, '../../../../scripts/histogram-kernel.mjs')
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' })
  expect(status, stderr).toBe(0)
})
