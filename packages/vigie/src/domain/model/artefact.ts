import { VigieError } from '../../errors.ts'
import { type Calibration, calibrationProblem } from '../calibration/calibration.ts'
import { canonicalJson } from '../canonical-json.ts'
import { linearOver, linearProblem, packLinear } from '../linear/linear.ts'
import { checkForest } from '../trees/check-forest.ts'
import { type Forest, forestOver } from '../trees/packed.ts'
import { type ArtefactHeader, NULLS, parseHeader } from './artefact-header.ts'
import { check, invalid } from './invalid-artefact.ts'
import type { Body, Model } from './model.ts'
import { aligned, layout, type SectionName, type Sections, sectionNames } from './sections.ts'

/**
 * A model of any kind as one file, little-endian like every platform that Vigie runs on:
 *
 *     0   "VGML"
 *     4   uint32  format version, 3
 *     8   uint32  bytes of the header
 *     12  uint32  0
 *     16  header: canonical JSON in UTF-8
 *     ..  the sections that the header names (sections.ts), each after zeros to a multiple of 8
 *
 * Nothing in it is code. Its identity is the sha256 of its bytes, which is checked where it is stored; the parser here
 * only promises that whatever it lets through can be scored and gives what its target says.
 */
const FORMAT = 3
const MAGIC = 0x4c4d4756 // "VGML", read little-endian
const PREFIX_BYTES = 16
const MAX_HEADER_BYTES = 4 << 20

/** What a header says that does not follow from the numbers of the model. */
export type About = Omit<ArtefactHeader, 'nulls' | 'model' | 'graph' | 'objective' | 'calibration' | 'sections'>

/** The bytes of a model: the same model, the same bytes. */
export function encodeArtefact(about: About, body: Body, calibration: Calibration | null = null): Uint8Array {
  const arrays = arraysOf(body, calibration)
  const sections: { [N in SectionName]?: number } = {}
  for (const [name, array] of arrays) sections[name] = name === 'nodes' ? array.length / 4 : array.length
  const header: ArtefactHeader = {
    ...about,
    nulls: NULLS[body.kind],
    model: body.kind,
    ...(body.kind === 'graph' ? { graph: body.graph.shape } : {}),
    objective: body.kind === 'forest' ? body.forest.objective : null,
    calibration: calibration?.shape ?? null,
    sections,
  }
  const json = new TextEncoder().encode(canonicalJson(header))
  if (json.length > MAX_HEADER_BYTES) {
    throw new VigieError('model_too_large', `the header takes ${json.length} bytes`, {
      rule: `a header takes at most ${MAX_HEADER_BYTES} bytes`,
      value: String(json.length),
    })
  }
  const place = layout(PREFIX_BYTES + json.length, sections)
  const bytes = new Uint8Array(place.end)
  new Uint32Array(bytes.buffer, 0, 4).set([MAGIC, FORMAT, json.length, 0])
  bytes.set(json, PREFIX_BYTES)
  for (const [name, { buffer, byteOffset, byteLength }] of arrays) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), place.at[name]!)
  }
  return bytes
}

type Numbers = Uint8Array | Int32Array | Float32Array | Float64Array

function arraysOf(body: Body, calibration: Calibration | null): readonly (readonly [SectionName, Numbers])[] {
  const curves = calibration === null ? [] : [['calibration', calibration.values] as const]
  if (body.kind === 'graph') return [['graph', body.graph.bytes], ...curves]
  if (body.kind === 'linear') return [['linear', packLinear(body.linear)], ...curves]
  const { roots, words, leaves, covers, objective } = body.forest
  return [
    ['roots', roots],
    ['nodes', words],
    ...(objective?.kind === 'classes' ? [['leaves', leaves] as const] : []),
    ...(covers === null ? [] : [['covers', covers] as const]),
    ...curves,
  ]
}

/**
 * Reads a model from bytes of any origin. Throws `artefact_invalid` for anything that `encodeArtefact` could not have
 * written. Its arrays are views of `bytes` where they are aligned: do not change them afterwards.
 */
export function parseArtefact(bytes: Uint8Array): Model {
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
export function* artefactSteps(bytes: Uint8Array): Generator<void, Model> {
  const data = aligned8(bytes)
  const { header, headerEnd } = readHeader(data)
  const { at, end } = layout(headerEnd, header.sections)
  if (end !== data.byteLength) throw invalid(`it has ${data.byteLength} bytes, its header says ${end}`)
  checkGaps(data, headerEnd, header.sections)
  const place = { buffer: data.buffer, start: data.byteOffset, at, sections: header.sections }
  const body = bodyOver(place, header)
  if (body.kind === 'forest') yield* checkForest(body.forest, header.features, header.target)
  else if (body.kind === 'linear') checkNumbers(linearProblem(body.linear))
  const shape = header.calibration
  const calibration = shape && { shape, values: floats(place, 'calibration') }
  if (calibration) checkNumbers(calibrationProblem(calibration))
  return { header, body, calibration }
}

interface Place {
  readonly buffer: ArrayBufferLike
  readonly start: number
  readonly at: Sections
  readonly sections: Sections
}

function bodyOver(place: Place, header: ArtefactHeader): Body {
  if (header.model === 'linear') {
    return { kind: 'linear', linear: linearOver(floats(place, 'linear'), header.features, header.target) }
  }
  const { buffer, start, at, sections } = place
  if (header.model === 'graph') {
    const bytes = new Uint8Array(buffer, start + at.graph!, sections.graph)
    return { kind: 'graph', graph: { shape: header.graph!, bytes } }
  }
  const covers = sections.covers === undefined ? null : new Float32Array(buffer, start + at.covers!, sections.covers)
  checkNumbers(covers?.every((n) => n >= 0 && n < Infinity) === false ? 'a cover is no number of rows' : null)
  const forest: Forest = forestOver(
    new Int32Array(buffer, start + at.roots!, sections.roots),
    buffer,
    start + at.nodes!,
    sections.nodes!,
    header.objective,
    { covers, ...(sections.leaves === undefined ? {} : { leaves: floats(place, 'leaves') }) },
  )
  return { kind: 'forest', forest }
}

function floats({ buffer, start, at, sections }: Place, name: SectionName): Float64Array {
  return new Float64Array(buffer, start + at[name]!, sections[name])
}

function checkNumbers(problem: string | null): void {
  if (problem !== null) throw invalid(problem)
}

function aligned8(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()
}

function readHeader(data: Uint8Array): { readonly header: ArtefactHeader; readonly headerEnd: number } {
  const length = data.byteLength
  check(length >= PREFIX_BYTES, 'it is too short')
  const [magic, format, headerBytes, zero] = new Uint32Array(data.buffer, data.byteOffset, 4) as unknown as [
    number,
    number,
    number,
    number,
  ]
  check(magic === MAGIC, 'it does not begin with VGML')
  check(format === FORMAT, `its format version is ${format}, known is ${FORMAT}`)
  const headerEnd = PREFIX_BYTES + headerBytes
  check(zero === 0 && headerBytes <= MAX_HEADER_BYTES && headerEnd <= length, 'its header does not fit')
  return { header: parseHeader(decode(data.slice(PREFIX_BYTES, headerEnd))), headerEnd }
}

/** All between one section and the next is zero: there is one file for one model. */
function checkGaps(data: Uint8Array, headerEnd: number, sections: Sections): void {
  let end = headerEnd
  for (const name of sectionNames()) {
    if (sections[name] === undefined) continue
    const begin = aligned(end)
    for (let i = end; i < begin; i++) check(data[i] === 0, 'a gap is not zero')
    end = layout(begin, { [name]: sections[name] }).end
  }
}

function decode(utf8: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(utf8)
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    throw invalid('its header is not UTF-8')
  }
}
