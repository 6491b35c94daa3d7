import { fixed, plural } from '../numbers.ts'
import type { Status } from '../status.ts'
import type { FileDriftReport } from './model.ts'

/** What the comparison found, in a sentence without its full stop and one with the numbers. */
export function fileDriftVerdict({ columns, report, notTestable }: FileDriftReport): {
  readonly status: Status
  readonly title: string
  readonly text: string
} {
  const judged = columns.length - notTestable.length
  const left = notTestable.length === 0 ? '' : ` ${plural(notTestable.length, 'column')} could not be judged.`
  if (report.share === null) {
    return {
      status: 'none',
      title: 'No column could be judged',
      text: 'Nothing is known of drift between these files.',
    }
  }
  const { count, share } = report
  const text = `Share ${fixed(share, 4)} of the judged columns.${left}`
  const which = `${count} of ${plural(judged, 'column')} drifted`
  if (count > 0) return { status: 'watch', title: which, text }
  return {
    status: notTestable.length > 0 ? 'none' : 'ok',
    title: `No drift in ${plural(judged, 'judged column')}`,
    text,
  }
}
