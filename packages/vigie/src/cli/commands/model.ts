import type { Command } from 'commander'
import type { Model } from '../../domain/model/model.ts'
import { exportModel } from '../../loop/export-model.ts'
import { does } from '../command.ts'
import { printable } from '../marks.ts'
import { count } from '../output.ts'
import { exporting } from './model/export.ts'
import { importing } from './model/import.ts'
import { versionNumber } from './options.ts'

export function model(program: Command): void {
  const command = program
    .command('model')
    .description('exchange models with other tools: ONNX, LightGBM, XGBoost; and what a version is')
  importing(command)
  exporting(command)
  listing(command)
  showing(command)
}

function listing(modelCommand: Command): void {
  const command = modelCommand.command('list').description('every version, newest first, and what made it')
  does(command, async ({ output, house }) => {
    const { ports, project } = await house()
    const found = (await ports.registry.versions(project.model.name)).toReversed()
    const told = found.map(({ version, stage, trainer, trainedAsOf, artefact, artefactBytes, fingerprints }) => {
      return { version, stage, trainer, trainedAsOf, artefact, artefactBytes, provable: fingerprints !== null }
    })
    output.result(told, () =>
      told.map(({ version, stage, trainer, trainedAsOf, artefactBytes }) =>
        [
          output.pen.mark(stage === 'Production' ? 'ok' : 'none'),
          `v${version}`.padStart(5),
          stage.padEnd(11),
          trainedAsOf,
          originOf(trainer).padEnd(24),
          `${count(artefactBytes)} bytes`,
        ].join('  '),
      ),
    )
    return 0
  })
}

function showing(modelCommand: Command): void {
  const command = modelCommand
    .command('show')
    .argument('<version>', 'version of the model, as 2 or v2')
    .description('what a version says about itself: where it came from, what it reads and answers')
  does(command, async ({ output, house, project: load }, [text = '']) => {
    const number = versionNumber(text, await load())
    const { ports, project } = await house()
    const { version, model: found } = await exportModel(ports, project, number)
    const { features, target, threshold, trainer, calibration } = found.header
    output.result({ ...version, header: found.header }, () => [
      `${output.pen.mark('ok')} ${version.model} v${number}, ${originOf({ ...trainer })}`,
      `  answers    ${target.kind === 'number' ? 'a number' : target.classes.join(', ')}${threshold === null ? '' : `, ${target.kind === 'binary' ? target.classes[1] : ''} above ${threshold}`}`,
      `  made of    ${madeOf(found)}${calibration === null ? '' : `, calibrated by ${calibration.kind}`}`,
      `  artefact   ${version.artefact}, ${count(version.artefactBytes)} bytes`,
      `  trained    on rows of ${version.trainedAsOf}${version.trainingRows > 0 ? `, ${count(version.trainingRows)} of them` : ''}`,
      `  reads      ${features.map(({ name }) => printable(name)).join(', ')}`,
    ])
    return 0
  })
}

function madeOf({ header: { sections }, body }: Model): string {
  if (body.kind === 'linear') return 'a linear model'
  if (body.kind === 'forest') return `${count(sections.roots ?? 0)} trees, ${count(sections.nodes ?? 0)} nodes`
  const { rows, sha256 } = body.graph.shape.proof
  return `an ONNX graph, proven by ${count(rows)} rows with sha256 ${sha256}`
}

/** `LightGBM v4`, or the trainer. */
function originOf(trainer: Readonly<Record<string, unknown>>): string {
  return printable(trainer.kind === 'imported' ? `${trainer.tool} ${trainer.version}` : String(trainer.kind))
}
