import { createHash } from 'node:crypto'
import type { Command } from 'commander'
import { labelTarget } from '../../../define/label.ts'
import type { Project } from '../../../define/project.ts'
import { compareAnswers } from '../../../domain/interchange/compare-answers.ts'
import { featureInputs } from '../../../domain/interchange/feature-inputs.ts'
import type { ForeignModel } from '../../../domain/interchange/foreign-model.ts'
import { packTrees } from '../../../domain/interchange/pack-trees.ts'
import { refused } from '../../../domain/interchange/refused.ts'
import { parseArtefact } from '../../../domain/model/artefact.ts'
import type { Body } from '../../../domain/model/model.ts'
import { scoreColumns } from '../../../domain/model/model.ts'
import { outputWidth } from '../../../domain/model/target.ts'
import type { Imported } from '../../../domain/trainer.ts'
import { foreignArtefact, registerModel } from '../../../loop/register-model.ts'
import { does } from '../../command.ts'
import { printable } from '../../marks.ts'
import { count } from '../../output.ts'
import { AS_OF, dateOrNewest } from '../options.ts'
import { bytesOf, readModelFile } from './read-model-file.ts'
import { readExpected, readKeys, readRecords } from './records.ts'

export function importing(modelCommand: Command): void {
  const command = modelCommand
    .command('import')
    .argument('<file>', 'ONNX, LightGBM text (save_model) or XGBoost JSON (save_model("m.json"))')
    .description('take a model that was trained elsewhere as a version, proven by recorded rows')
    .requiredOption('--records <file>', 'rows of the features, as `vigie dataset --out` writes them: .csv or .json')
    .requiredOption('--expected <file>', 'what the model itself answers for them: .csv or .json')
    .option('--features <names>', 'the features that its inputs are, in their order: a,b,plan=gold')
    .option('--training-keys <file>', 'CSV with the keys that it was trained on, so that it can be compared')
    .addOption(AS_OF())
    .option('--dry-run', 'only prove it; nothing is registered')
    .addHelpText(
      'after',
      `
The model is translated into one of ours and must answer the recorded rows as the
tool did, at least 100 of them and each to 1e-5, or it is refused. Nothing of the
file is run, and no pickle is ever loaded. --as-of is the date whose rows it was
trained on; with their keys it can be compared with the champion.

  vigie dataset 3 --out rows.csv      train on them in Python, and write what it answers
  vigie model import model.txt --records rows.csv --expected answers.csv \\
    --training-keys rows.csv --as-of 2024-01-31
  vigie compare 4

Exit 3 when the file is refused.`,
    )
  does(command, async ({ output, house, project: load }, [file = ''], options) => {
    const project = await load()
    const bytes = bytesOf(file)
    const foreign = readModelFile(file, bytes)
    const body = translated(foreign, project, names(options.features))
    const origin: Imported = {
      kind: 'imported',
      tool: foreign.tool,
      version: foreign.version.slice(0, 100),
      sha256: createHash('sha256').update(bytes).digest('hex'),
    }
    const proof = proven(project, origin, body, String(options.records), String(options.expected))
    const { label, entity } = project
    const trainedOn =
      typeof options.trainingKeys === 'string'
        ? readKeys(options.trainingKeys, entity.key, label.column, labelTarget(label))
        : null
    const told = {
      tool: origin.tool,
      toolVersion: origin.version,
      sha256: origin.sha256,
      trees: foreign.trees.length,
      notes: foreign.notes,
      proof,
      trainingKeys: trainedOn?.keys.length ?? null,
    }
    const lines = [
      `  read       ${origin.tool} ${printable(origin.version)}, ${count(foreign.trees.length)} trees, translated into our own`,
      `  proven     ${count(proof.rows)} recorded rows, greatest difference ${proof.worst.toExponential(1)}`,
      ...foreign.notes.map((note) => `  note       ${printable(note)}`),
    ]
    if (options.dryRun === true) {
      output.result({ version: null, ...told }, () => [`${output.pen.mark('ok')} it can be imported`, ...lines])
      return 0
    }
    const { ports } = await house()
    const asOf = await dateOrNewest(ports, options.asOf)
    const version = await registerModel(ports, project, { origin, body, asOf, trainedOn })
    output.result({ version: version.version, asOf, artefact: version.artefact, ...told }, () => [
      `${output.pen.mark('ok')} v${version.version}, trained elsewhere on rows of ${asOf}`,
      ...lines,
      trainedOn === null
        ? `  unproven   which rows it was trained on: give --training-keys, else nothing is comparable with it`
        : `  trained on ${count(trainedOn.keys.length)} keys, kept as fingerprints`,
      `Next: vigie compare ${version.version}`,
    ])
    return 0
  })
}

function names(option: string | boolean | undefined): readonly string[] | undefined {
  return typeof option === 'string' ? option.split(',').map((name) => name.trim()) : undefined
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

function proven(project: Project, origin: Imported, body: Body, records: string, expected: string) {
  const target = labelTarget(project.label)
  const columns = readRecords(records, project.model.features)
  // The bytes that would be kept are those that are asked.
  const model = parseArtefact(foreignArtefact(project, origin, body))
  const ours = scoreColumns(model, columns, columns[0]!.length)
  return compareAnswers(ours, readExpected(expected, target), outputWidth(target))
}
