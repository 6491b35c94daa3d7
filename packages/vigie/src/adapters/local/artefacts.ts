import { createHash } from 'node:crypto'
import path from 'node:path'
import { VigieError } from '../../errors.ts'
import type { ArtefactStore } from '../../ports/artefact-store.ts'
import { readIfThere, replaceFile } from './durable-files.ts'

/** Artefacts as files of one folder, each named by the sha256 of its bytes. The folder must be there. */
export function localArtefacts(folder: string): ArtefactStore {
  return {
    async put(bytes) {
      const sha256 = sha256Of(bytes)
      const file = path.join(folder, sha256)
      const there = await readIfThere(file)
      // A damaged file is replaced by the right bytes, since they are here.
      if (there === null || sha256Of(there) !== sha256) await replaceFile(file, bytes)
      return sha256
    },
    async get(sha256) {
      if (!/^[0-9a-f]{64}$/.test(sha256)) {
        throw new VigieError('artefact_missing', `"${sha256.slice(0, 80)}" names no artefact`, {
          rule: 'an artefact is named by the 64 hex digits of its sha256',
          value: sha256.slice(0, 80),
        })
      }
      const file = path.join(folder, sha256)
      const bytes = await readIfThere(file)
      if (bytes === null) {
        throw new VigieError('artefact_missing', `artefact ${sha256.slice(0, 12)} is not in ${folder}`, {
          rule: 'an artefact stays as long as a version refers to it',
          value: sha256,
          file,
        })
      }
      const found = sha256Of(bytes)
      if (found !== sha256) {
        throw new VigieError('artefact_corrupt', `artefact ${sha256.slice(0, 12)} is damaged`, {
          rule: 'the bytes of an artefact have the sha256 that names them',
          value: `sha256 ${found.slice(0, 12)}, ${bytes.byteLength} bytes`,
          file,
        })
      }
      return bytes
    },
  }
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
