import type { Command } from 'commander'
import { exportModel } from '../../../loop/export-model.ts'
import { does } from '../../command.ts'
import { count } from '../../output.ts'
import { versionNumber } from '../options.ts'
import { writeNew } from '../write-new.ts'

export function exporting(modelCommand: Command): void {
  const command = modelCommand
    .command('export')
    .argument('<version>', 'version of the model, as 2 or v2')
    .description('write a version as ONNX, for any runtime that reads it')
    .requiredOption('--onnx <file>', 'write it here')
    .addHelpText(
      'after',
      `
One input of float32, a row a case: null is NaN, a boolean 0 or 1, a category its
code. Names, order and categories of the features are in the file's metadata.

  vigie model export 3 --onnx churn.onnx`,
    )
  does(command, async ({ output, house, project: load }, [text = ''], options) => {
    const number = versionNumber(text, await load())
    const { ports, project } = await house()
    const { version, model } = await exportModel(ports, project, number)
    const { exportOnnx } = await import('../../../adapters/onnx/export-model.ts')
    const bytes = exportOnnx(model, { name: version.model, version: version.version, sha256: version.artefact })
    const out = String(options.onnx)
    await writeNew(bytes, out)
    output.result({ version: number, onnx: out, bytes: bytes.byteLength }, () => [
      `${output.pen.mark('ok')} ${output.pen.bold(out)}  v${number}, ${count(bytes.byteLength)} bytes`,
    ])
    return 0
  })
}
