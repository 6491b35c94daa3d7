import type { Measured, MetricComparison } from '../domain/comparison-details.ts'
import type { EvaluateResult } from '../loop/evaluate.ts'
import type { ComparisonReport } from '../report/comparison/model.ts'
import { metricTitle } from '../report/performance-reading.ts'
import { stageLines } from './loop-lines.ts'
import type { Pen } from './marks.ts'
import { score, signed } from './output.ts'
import { wrap } from './wrap.ts'

/** What `vigie compare` prints for people. */
export function comparisonLines(
  {
    report,
    evaluated,
    page,
  }: { readonly report: ComparisonReport; readonly evaluated: EvaluateResult; readonly page: string },
  pen: Pen,
): readonly string[] {
  const { asOf, outcome, reasons, decision, policy, details } = report
  const { challenger, champion, comparison } = evaluated
  const decided = {
    id: decision ?? '',
    asOf,
    challenger,
    champion,
    outcome,
    reasons,
    comparison,
    minGain: policy.minGain,
  }
  const done = { kind: 'done', asOf, seconds: null } as const
  return [
    ...stageLines({ ...done, stage: 'evaluate', result: evaluated }, pen),
    ...(report.againstChampion
      ? stageLines({ ...done, stage: 'decide', result: decided }, pen)
      : reasons.filter(({ kind }) => kind === outcome || kind === 'warn').flatMap(({ text }) => below(text))),
    ...(details ? metricLines(report, details.metrics, pen) : []),
    `  ${page}`,
    ...(report.againstChampion ? [] : ['Nothing is decided: the other is not the champion. It counts as a look.']),
    ...(outcome === 'promote' && decision ? [`Next: vigie promote ${decision}`] : []),
  ]
}

const below = (text: string): readonly string[] => wrap(text, 63).map((line) => `                 ${line}`)

function metricLines(
  { challenger, champion }: ComparisonReport,
  metrics: readonly MetricComparison[],
  pen: Pen,
): readonly string[] {
  const pair = champion ? `${`v${champion.version}`.padStart(8)}  difference` : ''
  const head = `${' '.repeat(22)}${`v${challenger.version}`.padEnd(25)}${pair}`
  return [
    pen.bold(head.trimEnd()),
    ...metrics.map(({ metric, champion: before, challenger: after, gain }) => {
      const beside = champion ? `${before ? digits(before.value).padStart(8) : '    none'}  ${difference(gain)}` : ''
      return `  ${metricTitle(metric).padEnd(20)}${interval(after).padEnd(25)}${beside}`.trimEnd()
    }),
  ]
}

function interval(measured: Measured | null): string {
  return measured ? `${digits(measured.value)} [${digits(measured.low)}, ${digits(measured.high)}]` : 'none'
}

function difference(gain: Measured | null): string {
  return gain ? `${plus(gain.value)} [${plus(gain.low)}, ${plus(gain.high)}]` : 'none'
}

/** Three decimals below 10, and about three digits above. */
const digits = (x: number): string => score(x, decimals(x))
const plus = (x: number): string => signed(x, decimals(x))
const decimals = (x: number): number => (Math.abs(x) < 10 ? 3 : Math.abs(x) < 1000 ? 1 : 0)
