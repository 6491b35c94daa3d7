import { type AsOf, asOf } from '../domain/as-of.ts'
import type { ReportKind, ReportName } from './reports.ts'

const DATED = /^(\d{4}-\d{2}-\d{2})(?:-(.*))?$/
const DELIVERY = /^[0-9a-f]{12}$/
const VERSION = /^v([1-9]\d{0,8})$/
const VERSIONS = /^v([1-9]\d{0,8})-(?:v([1-9]\d{0,8})|first)$/

/** What a report is called besides its kind, in file names and addresses: `2024-02-29`, `2024-02-29-v3-v1`. */
export function reportText(name: ReportName): string {
  const about = aboutOf(name)
  return about === null ? name.asOf : `${name.asOf}-${about}`
}

function aboutOf(name: ReportName): string | null {
  switch (name.kind) {
    case 'monitor':
      return null
    case 'validation':
      return name.delivery
    case 'comparison':
      return `v${name.challenger}-${name.champion === null ? 'first' : `v${name.champion}`}`
    case 'card':
      return `v${name.version}`
  }
}

/**
 * The report that is called so; null when none can be: of what came in an address only a date of the calendar, digits and
 * hex digits are left. Throws `as_of_invalid` for what looks like a date and is none.
 */
export function namedReport(kind: ReportKind, text: string): ReportName | null {
  const [, date, about] = DATED.exec(text) ?? []
  return date === undefined ? null : nameOf(kind, asOf(date), about ?? null)
}

function nameOf(kind: ReportKind, date: AsOf, about: string | null): ReportName | null {
  if (kind === 'monitor') return about === null ? { kind, asOf: date } : null
  if (about === null) return null
  switch (kind) {
    case 'validation':
      return DELIVERY.test(about) ? { kind, asOf: date, delivery: about } : null
    case 'comparison': {
      const [, challenger, champion] = VERSIONS.exec(about) ?? []
      if (challenger === undefined) return null
      return { kind, asOf: date, challenger: Number(challenger), champion: champion ? Number(champion) : null }
    }
    case 'card': {
      const [, version] = VERSION.exec(about) ?? []
      return version === undefined ? null : { kind, asOf: date, version: Number(version) }
    }
  }
}
