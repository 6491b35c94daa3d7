import type { Project } from '../define/project.ts'
import type { Ports } from '../ports/ports.ts'
import type { Champion } from '../ports/registry.ts'

/** Brings the previous champion back, in one transaction. Throws `nothing_to_roll_back`. */
export function rollback(
  ports: Ports,
  project: Project,
  { actor, reason }: { readonly actor: string; readonly reason: string },
): Promise<Champion> {
  return ports.registry.rollback(project.model.name, actor, reason)
}
