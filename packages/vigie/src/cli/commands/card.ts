import type { Command } from 'commander'
import { does } from '../command.ts'
import { count, score } from '../output.ts'
import { labelled } from '../wrap.ts'
import { versionNumber } from './options.ts'
import { requireNew, writeNew } from './write-new.ts'

export function card(program: Command): void {
  const command = program
    .command('card')
    .argument('<version>', 'version of the model, as 3 or v3')
    .description('what is known of a version, from evidence alone: data, metrics, decisions, limits')
    .option('--html <file>', 'also write the page here')
    .option('--cyclonedx <file>', 'also write it as a CycloneDX 1.6 document with a model card')
    .option('--no-explain', 'leave out what its features do, which takes a fit or two')
    .addHelpText(
      'after',
      `
Nothing in it is typed by hand: it is told from registry, catalogue, artefact,
decisions, reports and audit. What is not recorded is listed. It scores no
held-out row, so it is no look at them. The page is kept with the other reports,
and served by the API.
  vigie card 3 --html card.html --cyclonedx card.cdx.json`,
    )
  does(command, async ({ output, house, project: load }, [text = ''], options) => {
    const version = versionNumber(text, await load())
    await requireNew(options.html)
    await requireNew(options.cyclonedx)
    const { ports, project } = await house()
    const { keepCard } = await import('../../loop/keep-card.ts')
    const { report, html, kept } = await keepCard(
      ports,
      project,
      { version, explain: options.explain !== false },
      (share) => output.progress(`explain ${Math.round(share * 100)} %`),
    )
    output.progress(null)
    const page = (await writeNew(html, options.html)) ?? kept.html
    const { cyclonedxCard } = await import('../../adapters/cyclonedx/model-card-bom.ts')
    const bom = await writeNew(`${JSON.stringify(cyclonedxCard(report), null, 2)}\n`, options.cyclonedx)
    output.result(
      { ...report, report: { html: page, json: kept.json, cyclonedx: options.cyclonedx ? bom : null } },
      () => {
        const metrics = report.evaluation?.details?.metrics ?? []
        return [
          `${output.pen.mark(report.championSince ? 'ok' : 'none')} ${output.pen.bold(`v${version}`)}  ${report.stage}, trained on ${count(report.training.rows)} rows of ${report.training.asOf}`,
          ...metrics.flatMap(({ metric, challenger: value }) =>
            value ? [`  ${metric.padEnd(18)} ${score(value.value)} [${score(value.low)}, ${score(value.high)}]`] : [],
          ),
          ...report.limits.flatMap((limit) => labelled(`  ${output.pen.mark('watch')} `, limit)),
          `  ${page}`,
          ...(options.cyclonedx ? [`  ${bom}`] : []),
        ]
      },
    )
    return 0
  })
}
