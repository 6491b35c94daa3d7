import type { Command } from 'commander'
import { stateFolder } from '../../adapters/local/state-folder.ts'
import { stopPostgres } from '../../adapters/postgres/embedded/index.ts'
import { does } from '../command.ts'

export function down(program: Command): void {
  const command = program
    .command('down')
    .description('stop the embedded Postgres of this state folder, and whoever uses it')
  does(command, async ({ output, settings }) => {
    const folder = stateFolder(settings.home.value)
    const stopped = await stopPostgres({ root: folder.postgres })
    output.result({ stopped }, () => [
      `${output.pen.mark('ok')} ${stopped ? 'Postgres is stopped' : 'no Postgres was running'}`,
    ])
    return 0
  })
}
