import type { AuditRow } from '../../../ports/registry.ts'
import type { Queries } from '../database.ts'

/** Oldest first. */
export function listAudit(queries: Queries, model: string): Promise<AuditRow[]> {
  return queries.rows(
    'select seq, vigie.iso(at) as at, actor, action, subject from vigie.audit where model = $1 order by seq',
    [model],
  )
}
