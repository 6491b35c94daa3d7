import type { Command } from 'commander'
import { asOf } from '../../domain/as-of.ts'
import { VigieError } from '../../errors.ts'
import { viewSources } from '../../loop/dataset.ts'
import { readableValues } from '../../loop/predict.ts'
import { does } from '../command.ts'
import { AS_OF } from './options.ts'

export function features(program: Command): void {
  const command = program
    .command('features')
    .argument('<key>', 'for example a user id')
    .description('what the model would see of one key, now or at a date')
    .addOption(AS_OF())
  does(command, async ({ output, house }, [key = ''], options) => {
    const { ports, project } = await house()
    const spec = project.model.features
    const online = options.asOf === undefined
    const at = online ? null : asOf(String(options.asOf))
    let values: Float64Array | undefined
    let seen = at
    if (at === null) {
      const vector = ports.online.read(key, spec)
      values = vector?.values
      seen = vector?.asOf ?? null
    } else {
      const frame = await ports.offline.pointInTimeJoin({
        spine: { kind: 'rows', keys: [key], at: [at] },
        features: spec,
        views: viewSources(project),
        snapshots: await ports.snapshots.list(),
      })
      const row = Float64Array.from(frame.columns, (column) => column[0]!)
      if (row.some((value) => !Number.isNaN(value))) values = row
    }
    if (!values) {
      const shown = key.length > 80 ? `${key.slice(0, 80)}...` : key
      throw new VigieError(
        'user_unknown',
        `nothing is known of ${project.entity.key} "${shown}"${at ? ` at ${at}` : ''}`,
        {
          value: shown,
        },
      )
    }
    const named = readableValues(spec, values)
    output.result({ [project.entity.key]: key, asOf: seen, features: named }, () => [
      `${output.pen.bold(key)}  as of ${seen}`,
      ...Object.entries(named).map(([name, value]) => `  ${name.padEnd(32)} ${value === null ? 'null' : value}`),
    ])
    return 0
  })
}
