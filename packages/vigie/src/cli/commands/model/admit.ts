import { createHash } from 'node:crypto'
import { checkGraph } from '../../../adapters/onnx/check-graph.ts'
import { graphShape } from '../../../adapters/onnx/graph-shape.ts'
import { workerThreads } from '../../../adapters/threads/threads.ts'
import { labelTarget } from '../../../define/label.ts'
import type { Project } from '../../../define/project.ts'
import type { FeatureSpec } from '../../../domain/feature-spec.ts'
import { type AnswersCompared, compareAnswers } from '../../../domain/interchange/compare-answers.ts'
import { featureInputs } from '../../../domain/interchange/feature-inputs.ts'
import type { ForeignModel } from '../../../domain/interchange/foreign-model.ts'
import { packTrees } from '../../../domain/interchange/pack-trees.ts'
import { refused } from '../../../domain/interchange/refused.ts'
import { parseArtefact } from '../../../domain/model/artefact.ts'
import type { Body } from '../../../domain/model/model.ts'
import { outputWidth } from '../../../domain/model/target.ts'
import type { Imported } from '../../../domain/trainer.ts'
import { predict, rowsToTry } from '../../../loop/predict.ts'
import { foreignArtefact } from '../../../loop/register-model.ts'
import { treesIn } from './read-model-file.ts'
import { readExpected, readRecords } from './records.ts'

/** A model that was made elsewhere, as it would be kept. */
export interface Admitted {
  readonly origin: Imported
  readonly body: Body
  readonly size: { readonly trees: number } | { readonly operators: number }
  readonly notes: readonly string[]
  readonly proof: AnswersCompared
}

/** What is said of a file. */
export interface Offered {
  /** Its name. */
  readonly file: string
  readonly bytes: Uint8Array
  /** The features of its inputs, in their order. */
  readonly names: readonly string[] | undefined
  /** Files of rows, and of what is expected of them. */
  readonly records: string
  readonly expected: string
}

/**
 * The file as one of our models where it can be translated, else as the graph that it is, when it answers recorded rows as
 * is expected. Throws what reading, scoring and comparing throw; for a file that is never read before its rows are.
 */
export async function admit(project: Project, offered: Offered): Promise<Admitted> {
  const { file, bytes, names } = offered
  const { features } = project.model
  const target = labelTarget(project.label)
  const model = treesIn(file, bytes)
  const trees = model && translated(model, project, names)
  if (!model) checkGraph(bytes)
  const columns = readRecords(offered.records, features)
  const expected = readExpected(offered.expected, target)
  const rows = columns[0]!.length
  const proof = { rows, sha256: sha256(...columns, expected) }
  const graph = trees ? null : graphShape(bytes, { features, target, names, proof })
  const origin: Imported = {
    kind: 'imported',
    tool: model?.tool ?? 'ONNX',
    version: (model?.version ?? graph!.producer).slice(0, 100),
    sha256: sha256(bytes),
  }
  const body: Body = trees ?? { kind: 'graph', graph: { shape: graph!.shape, bytes } }
  const answers = await answersOf(foreignArtefact(project, origin, body), features, columns)
  return {
    origin,
    body,
    size: model ? { trees: model.trees.length } : { operators: graph!.nodes },
    notes: model?.notes ?? [],
    proof: compareAnswers(answers, expected, outputWidth(target)),
  }
}

function sha256(...parts: readonly (Uint8Array | Float64Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength))
  return hash.digest('hex')
}

/**
 * What the bytes that would be kept answer, computed in a worker. Rows that a server may have to answer at any time are
 * asked beside the recorded ones. Throws `model_invalid_output`, and what scoring throws.
 */
async function answersOf(
  artefact: Uint8Array,
  spec: FeatureSpec,
  columns: readonly Float64Array[],
): Promise<Float64Array> {
  const model = parseArtefact(artefact)
  const tried = rowsToTry(model)
  const rows = columns[0]!.length
  const compute = workerThreads({ threads: 1 })
  try {
    const scores = await compute.run('score', {
      artefact,
      rows: {
        spec,
        keys: Array.from({ length: rows + tried.length }, () => ''),
        columns: columns.map((column, f) => Float64Array.of(...tried.map((row) => row[f]!), ...column)),
        label: null,
      },
    })
    const width = outputWidth(model.header.target)
    for (const i of tried.keys()) {
      const answers = () => scores.subarray(i * width, (i + 1) * width)
      predict({ ...model.header, answers }, tried[i]!)
    }
    return scores.slice(tried.length * width)
  } finally {
    await compute.close()
  }
}

/** Our model of the file, which must answer what the label of the project is. */
function translated(foreign: ForeignModel, project: Project, given: readonly string[] | undefined): Body {
  const { features } = project.model
  const target = labelTarget(project.label)
  const fits = {
    binary: ['mean', 'logistic'],
    classes: ['softmax', 'classes'],
    number: ['mean', 'sum'],
  }[target.kind].includes(foreign.output.kind)
  const answers = foreign.output.kind === 'classes' ? foreign.output.classes : undefined
  const width = foreign.output.kind === 'softmax' ? foreign.output.bases.length : answers
  if (!fits || (width !== undefined && width !== outputWidth(target))) {
    throw refused(
      'model_file_unsupported',
      `the label of ${project.name} is ${ANSWERS[target.kind]}`,
      `${foreign.output.kind} of ${width ?? 1}`,
    )
  }
  return { kind: 'forest', forest: packTrees(foreign, featureInputs(foreign.inputs, features, given), features) }
}

const ANSWERS = { binary: 'one of two classes', classes: 'one of several classes', number: 'a number' } as const
