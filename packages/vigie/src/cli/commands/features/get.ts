import type { Command } from 'commander'
import { moment } from '../../../domain/as-of.ts'
import { VigieError } from '../../../errors.ts'
import { type EntityFeatures, offlineFeatures, onlineFeatures } from '../../../loop/entity-features.ts'
import { nowMicros } from '../../../loop/online-request.ts'
import { readableValues } from '../../../loop/predict.ts'
import { does } from '../../command.ts'
import { printable } from '../../marks.ts'
import { AS_OF } from '../options.ts'

export function get(features: Command): void {
  const command = features
    .command('get', { isDefault: true })
    .argument('<key>', 'for example a user id')
    .description('what the model would see of one key: now, from the online store, or at a time, from history')
    .addOption(AS_OF())
    .addHelpText(
      'after',
      `
--as-of also takes an instant. Values are those that were known then: nothing that
was delivered later, nothing that is older than its ttl.
  vigie features 7590-VHVEG
  vigie features 7590-VHVEG --as-of 2024-02-29
  vigie features get list          a key that is called like a command`,
    )
  does(command, async ({ output, house }, [key = ''], options) => {
    const { ports, project } = await house()
    const spec = project.model.features
    const text = typeof options.asOf === 'string' ? options.asOf : null
    const at = text === null ? null : moment(text)
    const found =
      at === null
        ? onlineFeatures(project, spec)(ports.online, key, nowMicros())
        : await offlineFeatures(ports, project, { key, at, spec })
    if (found.statuses.every((status) => status === 'NOT_FOUND')) throw unknown(project.entity.key, key, text)
    const values = readableValues(spec, found.values)
    const rows = spec.map(({ feature }, i) => ({ feature, status: found.statuses[i]!, since: since(found, i) }))
    const answer = {
      [project.entity.key]: key,
      asOf: text,
      features: values,
      statuses: Object.fromEntries(rows.map(({ feature, status }) => [feature, status])),
      eventTimes: Object.fromEntries(rows.map(({ feature, since }) => [feature, since])),
    }
    output.result(answer, () => [
      `${output.pen.bold(printable(key))}  ${text === null ? 'now' : `as known at ${text}`}`,
      ...rows.map(({ feature, status, since }) => {
        const shown = status === 'PRESENT' ? printable(String(values[feature])) : status
        return `  ${feature.padEnd(32)} ${shown.padEnd(20)} ${since?.slice(0, 19) ?? ''}`.trimEnd()
      }),
    ])
    return 0
  })
}

function since({ eventTimes }: EntityFeatures, i: number): string | null {
  const micros = eventTimes[i]!
  return Number.isNaN(micros) ? null : new Date(micros / 1000).toISOString()
}

function unknown(name: string, key: string, at: string | null): VigieError {
  const shown = key.length > 80 ? `${key.slice(0, 80)}...` : key
  return new VigieError('user_unknown', `nothing is known of ${name} "${shown}"${at ? ` at ${at}` : ''}`, {
    value: shown,
  })
}
