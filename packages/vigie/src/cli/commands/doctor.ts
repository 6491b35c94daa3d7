import type { Command } from 'commander'
import { withoutPassword } from '../../adapters/postgres/connection.ts'
import { VERSION } from '../../version.ts'
import { does } from '../command.ts'
import { count } from '../output.ts'
import { labelled } from '../wrap.ts'

export function doctor(program: Command): void {
  const command = program
    .command('doctor')
    .description('each setting and where it came from, and whether every store answers')
  does(command, async ({ output, house, settings }) => {
    const { databaseUrl } = settings
    const shownUrl = { ...databaseUrl, value: databaseUrl.value && withoutPassword(databaseUrl.value) }
    const shown = Object.entries({ ...settings, databaseUrl: shownUrl }).map(([name, setting]) => ({
      name,
      ...setting,
    }))
    const { ports, project } = await house()
    const [snapshots, champion] = await Promise.all([
      ports.snapshots.list(),
      ports.registry.champion(project.model.name),
    ])
    const online = Object.fromEntries(
      Object.keys(project.featureViews).map((view) => [view, ports.online.count(view)] as const),
    )
    const report = {
      vigie: VERSION,
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      settings: shown,
      snapshots: snapshots.length,
      champion: champion?.version ?? null,
      online,
    }
    output.result(report, () => [
      `vigie ${VERSION}, Node ${process.version}, ${report.platform}`,
      ...shown.flatMap((s) => labelled(`  ${s.name.padEnd(12)} `, `${s.value ?? 'none'}  (${s.from})`)),
      `${output.pen.mark('ok')} postgres     answers, ${snapshots.length} snapshot versions`,
      `${output.pen.mark(champion ? 'ok' : 'none')} champion     ${champion ? `v${champion.version} since ${champion.since}` : 'none yet'}`,
      ...Object.entries(online).map(([view, n]) => {
        return `${output.pen.mark(n > 0 ? 'ok' : 'none')} online       ${view}: ${count(n)} entities`
      }),
    ])
    return 0
  })
}
