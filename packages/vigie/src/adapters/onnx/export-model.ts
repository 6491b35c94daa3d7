import type { Model } from '../../domain/model/model.ts'
import { classNames, outputWidth } from '../../domain/model/target.ts'
import { VigieError } from '../../errors.ts'
import { VERSION } from '../../version.ts'
import { exportCalibration } from './export-calibration.ts'
import { exportForest } from './export-forest.ts'
import { exportLinear } from './export-linear.ts'
import { GraphWriter, Type } from './graph.ts'

/**
 * Any model as an ONNX file, for every runtime that knows operators of version 15 and trees (`ai.onnx.ml` 1).
 *
 * One input, `features`: float32, a row a case, a column a feature in the order of the metadata `features`; null is NaN,
 * a boolean 0 or 1, a category its code, which is its position in the list of the metadata.
 *
 * Outputs: `probabilities`, a column a class, and `label`, the index of the class (binary: 1 above the model's
 * threshold); of a model of numbers `prediction`. They differ from the model's own by the rounding to float32 of inputs
 * and outputs.
 */
export function exportOnnx(
  model: Model,
  about: { readonly name: string; readonly version: number; readonly sha256: string },
): Uint8Array {
  const { header, body, calibration } = model
  const { features, target } = header
  if (body.kind === 'graph') {
    throw new VigieError('model_not_exported', 'the version is an ONNX file already', {
      rule: 'models of our own are written as ONNX; one that came as a graph is kept as it came',
      value: header.trainer.kind === 'imported' ? header.trainer.sha256 : body.kind,
    })
  }
  const graph = new GraphWriter()
  const scores =
    body.kind === 'forest' ? exportForest(graph, INPUT, body.forest) : exportLinear(graph, INPUT, body.linear, features)
  const answers = calibration === null ? scores : exportCalibration(graph, scores, calibration, outputWidth(target))
  const classes = classNames(target)
  if (target.kind === 'number') float(graph, answers, 'prediction')
  else {
    const all = target.kind === 'binary' ? bothClasses(graph, answers) : answers
    float(graph, all, 'probabilities')
    if (target.kind === 'binary') {
      const above = graph.node('Greater', [answers, graph.doubles([header.threshold ?? 0.5], [1, 1])])
      const label = graph.node('Cast', [above], { to: { int: Type.int64 } })
      graph.node('Reshape', [label, graph.int64s([-1])], {}, { output: 'label' })
    } else graph.node('ArgMax', [answers], { axis: { int: 1 }, keepdims: { int: 0 } }, { output: 'label' })
  }
  return graph.model({
    name: about.name,
    producer: { name: 'vigie', version: VERSION },
    text: `${about.name}, version ${about.version}. Null is NaN, a category its position in the list of the metadata.`,
    inputs: [{ name: INPUT, type: Type.float, shape: ['rows', features.length] }],
    outputs:
      target.kind === 'number'
        ? [{ name: 'prediction', type: Type.float, shape: ['rows', 1] }]
        : [
            { name: 'label', type: Type.int64, shape: ['rows'] },
            { name: 'probabilities', type: Type.float, shape: ['rows', classes.length] },
          ],
    metadata: {
      features: JSON.stringify(
        features.map(({ name, type, optional, categories }) => ({ name, type, optional, categories })),
      ),
      classes: JSON.stringify(classes),
      threshold: JSON.stringify(header.threshold),
      artefact: about.sha256,
      version: String(about.version),
    },
  })
}

const INPUT = 'features'

function bothClasses(graph: GraphWriter, ofOne: string): string {
  return graph.node('Concat', [graph.node('Sub', [graph.doubles([1], [1, 1]), ofOne]), ofOne], { axis: { int: 1 } })
}

function float(graph: GraphWriter, values: string, output: string): void {
  graph.node('Cast', [values], { to: { int: Type.float } }, { output })
}
