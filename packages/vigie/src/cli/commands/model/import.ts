import type { Command } from 'commander'
import { labelTarget } from '../../../define/label.ts'
import { registerModel } from '../../../loop/register-model.ts'
import { does } from '../../command.ts'
import { printable } from '../../marks.ts'
import { count } from '../../output.ts'
import { AS_OF, dateOrNewest } from '../options.ts'
import { admit } from './admit.ts'
import { bytesOf } from './read-model-file.ts'
import { readKeys } from './records.ts'

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
Trees are translated into ours, and nothing of the file is run. Any other ONNX
file of known operators (a pipeline, a network) is kept as it is and computed by
onnxruntime-node, which you install: see docs/models.md. Either must answer the
recorded rows as the tool did, at least 100 of them and each to 1e-5, or it is
refused. No pickle is ever loaded. --as-of is the date whose rows it was trained
on; with their keys it can be compared with the champion.

  vigie dataset 3 --out rows.csv      train on them, and write what it answers
  vigie model import model.txt --records rows.csv --expected answers.csv \\
    --training-keys rows.csv --as-of 2024-01-31
  vigie compare 4

Exit 3 when the file is refused.`,
    )
  does(command, async ({ output, house, project: load }, [file = ''], options) => {
    const project = await load()
    const bytes = bytesOf(file)
    const { origin, body, size, notes, proof } = await admit(project, {
      file,
      bytes,
      names: names(options.features),
      records: String(options.records),
      expected: String(options.expected),
    })
    const { label, entity } = project
    const trainedOn =
      typeof options.trainingKeys === 'string'
        ? readKeys(options.trainingKeys, entity.key, label.column, labelTarget(label))
        : null
    const told = {
      tool: origin.tool,
      toolVersion: origin.version,
      sha256: origin.sha256,
      ...size,
      translated: body.kind !== 'graph',
      notes,
      proof,
      trainingKeys: trainedOn?.keys.length ?? null,
    }
    const lines = [
      `  read       ${origin.tool} ${printable(origin.version)}, ${
        'trees' in size
          ? `${count(size.trees)} trees, translated into our own`
          : `${count(size.operators)} operators, kept as they are: onnxruntime-node computes them`
      }`,
      `  proven     ${count(proof.rows)} recorded rows, greatest difference ${proof.worst.toExponential(1)}`,
      ...notes.map((note) => `  note       ${printable(note)}`),
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
