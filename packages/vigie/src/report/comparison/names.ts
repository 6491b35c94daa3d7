import type { ComparisonReport } from './model.ts'

/** How the two are called on the page. */
export function namesOf({ challenger, champion }: Pick<ComparisonReport, 'challenger' | 'champion'>): {
  readonly challenger: string
  readonly champion: string
} {
  return { challenger: `version ${challenger.version}`, champion: champion ? `version ${champion.version}` : 'nobody' }
}
