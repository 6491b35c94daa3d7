import type { ProfileType } from '../../domain/profile/table-profile.ts'
import { identifier } from './sql.ts'

export interface TypedColumn {
  readonly name: string
  readonly type: ProfileType
}

/** What a profile makes of a column of this DuckDB type. */
export function profileType(stored: string): ProfileType {
  if (stored === 'DOUBLE') return 'float'
  if (stored === 'BIGINT') return 'int'
  if (stored === 'BOOLEAN') return 'boolean'
  if (stored === 'DATE') return 'date'
  return stored.startsWith('TIMESTAMP') ? 'timestamp' : 'text'
}

/** A value of a column, as SQL, as the number that stands for it in a profile: dates as days, instants as microseconds since 1970. */
export function asNumber({ name, type }: TypedColumn, value = identifier(name)): string {
  if (type === 'date') return `(${value} - date '1970-01-01')::double`
  if (type === 'timestamp') return `epoch_us(${value})::double`
  return `${value}::double`
}
