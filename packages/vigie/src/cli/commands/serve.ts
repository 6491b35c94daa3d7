import type { Command } from 'commander'
import { Option } from 'commander'
import { does } from '../command.ts'

export function serve(program: Command): void {
  const command = program
    .command('serve')
    .description(
      "serve the champion: POST /predict, GET /health, /model, /features/<key>, /reports, /metrics; Feast's addresses",
    )
    .addOption(new Option('--port <n>', "default 8000 or VIGIE_PORT; 0 picks a free one; Feast's is 6566"))
    .addOption(new Option('--host <name>', 'default 127.0.0.1 or VIGIE_HOST'))
    .addHelpText('after', '\nFollows promotions and rollbacks within a second, without a restart.')
  does(command, async ({ output, house, settings, untilStopped }) => {
    const { ports, project } = await house()
    const { startServer } = await import('../../http/server.ts')
    const { serverLogger } = await import('../server-logger.ts')
    const server = await startServer({
      ports,
      project,
      host: settings.host.value,
      port: settings.port.value,
      logger: serverLogger(),
    })
    output.result({ url: server.url }, () => [`${project.name} serves at ${server.url}`, 'Stop with Ctrl-C.'])
    await untilStopped()
    await server.close()
    return 0
  })
}
