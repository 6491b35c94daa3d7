import type { Command } from 'commander'
import { type Label, labelTarget } from '../../define/label.ts'
import { does } from '../command.ts'
import { trainerInWords } from '../trainer-in-words.ts'
import { labelled } from '../wrap.ts'
import { checkData } from './check-data.ts'

export function check(program: Command): void {
  const command = program
    .command('check')
    .description('check the definition; needs no service and no data')
    .addHelpText(
      'after',
      `
Prints what the definition resolves to: files, features, trainer and gate.

No definition yet? vigie check data DIR reads a delivery and proposes one.`,
    )
  checkData(command)
  does(command, async ({ output, project: load, settings }) => {
    const project = await load()
    const { model, promotion } = project
    output.result(
      {
        project: project.name,
        definition: project.hash,
        files: Object.keys(project.sources),
        features: model.features,
        trainer: model.trainer,
        promotion,
      },
      () => [
        `${output.pen.mark('ok')} ${output.pen.bold(project.name)}  ${settings.config.value}`,
        ...labelled('  files      ', Object.keys(project.sources).join(', ')),
        `  features   ${model.features.length} of ${Object.keys(project.featureViews).length} views`,
        ...labelled('  label      ', `${project.label.column} in ${project.label.from}, ${labelText(project.label)}`),
        `  trainer    ${trainerInWords(model.trainer)}`,
        `  holdout    ${model.holdout.fraction * 100} % of the keys, for ever`,
        `  promote    ${promotion.metric} gains at least ${promotion.minGain}, proven at ${promotion.confidence * 100} %`,
        `  hash       ${project.hash.slice(0, 16)}`,
      ],
    )
    return 0
  })
}

function labelText(label: Label): string {
  const target = labelTarget(label)
  if (target.kind === 'number') return 'a number'
  return label.type.type === 'boolean' ? 'true or false' : `one of ${target.classes.join(', ')}`
}
