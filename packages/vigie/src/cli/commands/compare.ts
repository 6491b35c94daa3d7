import type { Command } from 'commander'
import { VigieError } from '../../errors.ts'
import { does } from '../command.ts'
import { comparisonLines } from '../comparison-lines.ts'
import { AS_OF, dateOrNewest, versionNumber } from './options.ts'
import { requireNew, writeNew } from './write-new.ts'

export function compare(program: Command): void {
  const command = program
    .command('compare')
    .argument('<a>', 'version to judge, as 3 or v3')
    .argument('[b]', 'another version to compare it with; default: the champion')
    .description('score two versions on the same unseen rows: which is better, for whom, and how sure is that?')
    .addOption(AS_OF())
    .option('--html <file>', 'also write the page here: curves, intervals, parts of the rows')
    .addHelpText(
      'after',
      `
Against the champion a decision is recorded, which vigie promote carries out.
Against any other version nothing is decided. Each comparison counts as a look
at the holdout. The page is kept with the other reports, and served by the API.
  vigie compare 3                   the champion, on the newest date
  vigie compare 3 1 --as-of 2024-02-29 --html 3-against-1.html
Exit 3 when the answer is no.`,
    )
  does(command, async ({ output, house, project: load }, [first = '', second], options) => {
    const definition = await load()
    const challenger = versionNumber(first, definition)
    const against = second === undefined ? null : versionNumber(second, definition)
    if (against === challenger) {
      throw new VigieError('wrong_use', `v${challenger} is compared with itself`, {
        rule: 'two versions are compared, for each comparison counts as a look at the holdout',
        value: String(challenger),
      })
    }
    await requireNew(options.html) // before a look at the holdout is spent
    const { ports, project } = await house()
    const asOf = await dateOrNewest(ports, options.asOf)
    const { compareVersions } = await import('../../loop/compare-versions.ts')
    const { report, evaluated, html, kept } = await compareVersions(ports, project, { asOf, challenger, against })
    const written = await writeNew(html, options.html)
    const { details, evidence } = report
    const result = {
      id: report.decision,
      asOf,
      challenger,
      champion: evaluated.champion,
      outcome: report.outcome,
      reasons: report.reasons,
      comparison: evaluated.comparison,
      minGain: report.policy.minGain,
      look: evidence.look,
      metrics: details?.metrics ?? null,
      slices: evidence.slices,
      report: { html: written ?? kept.html, json: kept.json },
    }
    output.result(result, () => comparisonLines({ report, evaluated, page: written ?? kept.html }, output.pen))
    return report.outcome === 'promote' ? 0 : 3
  })
}
