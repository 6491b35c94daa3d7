import { VigieError } from '../../errors.ts'
import { canonicalJson } from '../canonical-json.ts'
import { type ArtefactHeader, invalid, parseHeader } from './artefact-header.ts'
import { checkForest } from './check-forest.ts'
import { type Forest, forestOver, NODE_BYTES } from './packed.ts'

/**
 * A model as one file, little-endian like every platform that Vigie runs on:
 *
 *     0   "VGML"
 *     4   uint32  format version: 1 when leaves are probabilities, 2 when the header has an objective for their sum
 *     8   uint32  bytes of the header
 *     12  uint32  0
 *     16  header: canonical JSON in UTF-8, then zeros to a multiple of 8
 *     ..  int32   index of each tree's root, then zeros to a multiple of 8
 *     ..  nodes, 16 bytes each (packed.ts)
 *
 * Nothing in it is code. Its identity is the sha256 of its bytes, which is checked where it is stored; the parser here
 * only promises that whatever it lets through can be walked and gives probabilities.
 */
export interface Artefact {
  readonly header: ArtefactHeader
  readonly forest: Forest
}

const MAGIC = 0x4c4d4756 // "VGML", read little-endian
const PROBABILITIES = 1
const SUMS = 2
const PREFIX_BYTES = 16
const MAX_HEADER_BYTES = 4 << 20

/** The bytes of a model: the same model, the same bytes. */
export function encodeArtefact(
  header: Omit<ArtefactHeader, 'trees' | 'nodes' | 'objective'>,
  forest: Forest,
): Uint8Array {
  const { objective, roots, words } = forest
  const counted: ArtefactHeader = {
    ...header,
    trees: roots.length,
    nodes: words.length / 4,
    ...(objective === null ? {} : { objective }),
  }
  const json = new TextEncoder().encode(canonicalJson(counted))
  if (json.length > MAX_HEADER_BYTES) {
    throw new VigieError('model_too_large', `the header takes ${json.length} bytes`, {
      rule: `a header takes at most ${MAX_HEADER_BYTES} bytes`,
      value: String(json.length),
    })
  }
  const place = layout(json.length, counted)
  const bytes = new Uint8Array(place.end)
  new Uint32Array(bytes.buffer, 0, 4).set([MAGIC, objective === null ? PROBABILITIES : SUMS, json.length, 0])
  bytes.set(json, PREFIX_BYTES)
  new Int32Array(bytes.buffer, place.roots, roots.length).set(roots)
  new Int32Array(bytes.buffer, place.nodes).set(words)
  return bytes
}

/**
 * Reads a model from bytes of any origin. Throws `artefact_invalid` for anything that `encodeArtefact` could not have
 * written. The forest is a view of `bytes` where they are aligned: do not change them afterwards.
 */
export function parseArtefact(bytes: Uint8Array): Artefact {
  const steps = artefactSteps(bytes)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** What a model says about itself, without reading the rest. Throws `artefact_invalid`. */
export function artefactHeader(bytes: Uint8Array): ArtefactHeader {
  return readHeader(aligned8(bytes)).header
}

/** `parseArtefact` in short steps, one a tree: a server answers requests between them. */
export function* artefactSteps(bytes: Uint8Array): Generator<void, Artefact> {
  const data = aligned8(bytes)
  const { buffer, byteOffset: start, byteLength: length } = data
  const { header, headerBytes } = readHeader(data)
  const place = layout(headerBytes, header)
  if (place.end !== length) throw invalid(`it has ${length} bytes, its header says ${place.end}`)
  const headerEnd = PREFIX_BYTES + headerBytes
  const rootsEnd = place.roots + header.trees * 4
  if (anyByte(data, headerEnd, place.roots) || anyByte(data, rootsEnd, place.nodes)) throw invalid('a gap is not zero')

  const roots = new Int32Array(buffer, start + place.roots, header.trees)
  const forest = forestOver(roots, buffer, start + place.nodes, header.nodes, header.objective)
  yield* checkForest(forest, header.features)
  return { header, forest }
}

function aligned8(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()
}

function readHeader(data: Uint8Array): { readonly header: ArtefactHeader; readonly headerBytes: number } {
  const length = data.byteLength
  if (length < PREFIX_BYTES) throw invalid('it is too short')
  const [magic, format, headerBytes, zero] = new Uint32Array(data.buffer, data.byteOffset, 4) as unknown as [
    number,
    number,
    number,
    number,
  ]
  if (magic !== MAGIC) throw invalid('it does not begin with VGML')
  if (format !== PROBABILITIES && format !== SUMS) throw invalid(`its format version is ${format}, known are 1 and 2`)
  if (zero !== 0 || headerBytes > MAX_HEADER_BYTES || PREFIX_BYTES + headerBytes > length)
    throw invalid('its header does not fit')
  const text = decode(data.slice(PREFIX_BYTES, PREFIX_BYTES + headerBytes))
  return { header: parseHeader(text, format === SUMS), headerBytes }
}

function layout(headerBytes: number, { trees, nodes }: { readonly trees: number; readonly nodes: number }) {
  const roots = aligned(PREFIX_BYTES + headerBytes)
  const first = aligned(roots + trees * 4)
  return { roots, nodes: first, end: first + nodes * NODE_BYTES }
}

function aligned(offset: number): number {
  return Math.ceil(offset / 8) * 8
}

function anyByte(data: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (data[i] !== 0) return true
  return false
}

function decode(utf8: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(utf8)
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    throw invalid('its header is not UTF-8')
  }
}
