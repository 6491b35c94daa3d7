import type { BrokenRule } from '../domain/contract.ts'

/** Most rules that are told beside the one that an error names; all of them are in the report. */
const TOLD = 9

/** In how many rows the first broken rule of a refusal was found, where there is more than one. */
export function brokenRows(broken: unknown): number | null {
  const [first] = Array.isArray(broken) ? (broken as readonly BrokenRule[]) : []
  return first?.rows != null && first.rows > 1 ? first.rows : null
}

/** What else is broken, one text a rule: `usage line 3: plan "gold" is no category, 12 rows`. Leaves out what was `said`. */
export function otherBroken(broken: unknown, said: readonly string[]): readonly string[] {
  const others = Array.isArray(broken) ? (broken as readonly BrokenRule[]).slice(1) : []
  const unsaid = others.filter(({ text }) => !said.some((message) => message.endsWith(text)))
  const told = unsaid.slice(0, TOLD).map(({ source, text, rows, examples }) => {
    const line = examples[0]?.line == null ? '' : ` line ${examples[0].line}`
    const often = rows === null || rows < 2 ? '' : `, ${rows.toLocaleString('en-US')} rows`
    return `${source}${line}: ${text}${often}`
  })
  const more = unsaid.length - told.length
  return more > 0 ? [...told, `${more} more broken rules`] : told
}
