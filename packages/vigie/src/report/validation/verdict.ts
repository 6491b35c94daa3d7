import { plural } from '../numbers.ts'
import type { Status } from '../status.ts'
import type { ValidationReport } from './model.ts'
import { stopped } from './wording.ts'

/** The report in one sentence, and what follows from it. */
export function verdict({ verdict: outcome, refusal, approvals, files }: ValidationReport): {
  readonly status: Status
  readonly word: string
  readonly title: string
  readonly text: string
} {
  const left = files.reduce((sum, { rows }) => sum + (rows?.quarantined ?? 0), 0)
  if (outcome === 'accepted') {
    const aside = left === 0 ? '' : ` ${plural(left, 'row')} with broken values were left out and are kept aside.`
    const title = approvals ? 'The delivery was taken by approval.' : 'The delivery was taken.'
    const status = approvals || left > 0 ? 'watch' : 'ok'
    return {
      status,
      word: status === 'ok' ? 'Accepted' : 'Accepted with remarks',
      title,
      text: `Every file was read to its last byte and is stored.${aside}`,
    }
  }
  const text = `${stopped(refusal?.message ?? '')} ${stopped(refusal?.hint ?? '')}`
  return outcome === 'held'
    ? { status: 'watch', word: 'Held', title: 'The delivery is kept back until somebody approves it.', text }
    : { status: 'act', word: 'Refused', title: 'The delivery was refused, and nothing of it is stored.', text }
}
