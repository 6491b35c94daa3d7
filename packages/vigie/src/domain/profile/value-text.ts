import { asOfFromDays } from '../as-of.ts'
import type { ProfileType } from './table-profile.ts'

/** A number of a profile as people write it: days as a date, microseconds as an instant in UTC. */
export function valueText(type: ProfileType, value: number): string {
  if (type === 'date') return asOfFromDays(Math.floor(value))
  if (type === 'timestamp') return instantText(value)
  if (type === 'boolean') return value === 0 ? 'false' : 'true'
  return String(value)
}

const DAY_MICROS = 86_400_000_000

function instantText(micros: number): string {
  const days = Math.floor(micros / DAY_MICROS)
  const seconds = Math.floor((micros - days * DAY_MICROS) / 1_000_000)
  const below = Math.round(micros - days * DAY_MICROS - seconds * 1_000_000)
  const two = (n: number) => String(n).padStart(2, '0')
  const time = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':')
  return `${asOfFromDays(days)}T${time}.${String(Math.min(below, 999_999)).padStart(6, '0')}Z`
}
