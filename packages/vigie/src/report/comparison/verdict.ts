import type { ReasonKind } from '../../domain/promotion/decision.ts'
import { sentence } from '../sentence.ts'
import type { Status } from '../status.ts'
import type { ComparisonReport } from './model.ts'
import { namesOf } from './names.ts'

/** The comparison in one sentence without terms of art, and what decided it. */
export function verdict(report: ComparisonReport): {
  readonly status: Status
  readonly word: string
  readonly title: string
  readonly text: string
} {
  const { outcome, reasons } = report
  const text = reasons
    .filter(({ kind }) => kind === outcome)
    .map((reason) => sentence(reason.text))
    .join(' ')
  switch (outcome) {
    case 'promote':
      return { status: 'ok', word: 'Better', title: better(report), text }
    case 'keep':
      return { status: 'watch', word: 'Not shown to be better', title: notBetter(report), text }
    case 'hold':
      return { status: 'none', word: 'No reading', title: 'Which of the two is better cannot be said yet.', text }
  }
}

function better(report: ComparisonReport): string {
  const { challenger, champion } = namesOf(report)
  if (report.champion === null) return `A first model: ${challenger} does better than chance.`
  return `Take ${challenger}: it does better than ${champion} on rows that neither has seen.`
}

function notBetter(report: ComparisonReport): string {
  const { challenger, champion } = namesOf(report)
  if (report.champion === null) return `No first model: ${challenger} is not shown to do better than chance.`
  const harmed = report.reasons.some(({ kind, code }) => kind === 'keep' && /^(guard_|slice_)/.test(code))
  return harmed
    ? `Stay with ${champion}: something gets worse with ${challenger}.`
    : `Stay with ${champion}: ${challenger} is not shown to do better.`
}

/** Mark of each rule of the gate. */
export const RULE_STATUS: Readonly<Record<ReasonKind, readonly [Status, string]>> = {
  promote: ['ok', 'Proven'],
  pass: ['ok', 'Passed'],
  warn: ['watch', 'Remark'],
  keep: ['act', 'Not met'],
  hold: ['none', 'No reading'],
}
