import { VigieError } from '../../errors.ts'
import { excerptOf } from '../csv/excerpt.ts'

/** Name of the file in a delivery that says what the others are. */
export const MANIFEST = 'manifest.json'

/** What a manifest says of one file. Null where it says nothing. */
export interface ManifestEntry {
  readonly name: string
  readonly sha256: string | null
  readonly bytes: number | null
  readonly rows: number | null
}

export interface Manifest {
  readonly asOf: string | null
  readonly files: readonly ManifestEntry[]
}

/** A name without any path, in every spelling of one: no slashes, drives, percent codes, dots in a row or controls. */
const PLAIN_NAME = /^[A-Za-z0-9_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$/
const SHA256 = /^[0-9a-f]{64}$/

/**
 * Reads the text of a manifest: `{ asOf?, files: { "<file name>": { sha256?, bytes?, rows? } } }` and nothing else.
 *
 * @throws `manifest_invalid`, `bad_name`
 */
export function parseManifest(text: string): Manifest {
  const { asOf = null, files, ...others } = objectOf(parseJson(text), 'the manifest')
  refuseOthers(others, 'the manifest')
  if (asOf !== null && typeof asOf !== 'string') throw invalid('asOf is a date YYYY-MM-DD', asOf)
  const entries = Object.entries(objectOf(files, '"files"'))
  return { asOf, files: entries.map(([name, entry]) => readEntry(name, entry)) }
}

function readEntry(name: string, entry: unknown): ManifestEntry {
  if (!PLAIN_NAME.test(name)) {
    throw new VigieError('bad_name', `the manifest names "${excerptOf(name)}"`, {
      rule: 'a manifest names files of its own folder: letters, digits, _, - and single dots',
      value: excerptOf(name),
      file: MANIFEST,
    })
  }
  const { sha256 = null, bytes = null, rows = null, ...others } = objectOf(entry, name)
  refuseOthers(others, name)
  if (sha256 !== null && !(typeof sha256 === 'string' && SHA256.test(sha256))) {
    throw invalid('sha256 is 64 hex digits in lower case', sha256)
  }
  return { name, sha256: sha256 as string | null, bytes: count(bytes, 'bytes'), rows: count(rows, 'rows') }
}

function count(value: unknown, name: string): number | null {
  if (value === null || (Number.isSafeInteger(value) && (value as number) >= 0)) return value as number | null
  throw invalid(`${name} is a whole number`, value)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalid('a manifest is one JSON object', text, error)
  }
}

function objectOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw invalid(`${excerptOf(what)} is an object`, value)
}

function refuseOthers(others: object, what: string): void {
  const [name] = Object.keys(others)
  if (name !== undefined) throw invalid(`${excerptOf(what)} has no field of another name`, name)
}

function invalid(rule: string, value: unknown, cause?: unknown): VigieError {
  const shown = excerptOf(typeof value === 'string' ? value : String(JSON.stringify(value)))
  return new VigieError('manifest_invalid', `${MANIFEST}: ${rule}, this is ${shown || 'empty'}`, {
    rule,
    value: shown,
    file: MANIFEST,
    cause,
  })
}
