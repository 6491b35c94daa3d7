import { userInfo } from 'node:os'

/** Who acts at the command line, for the audit rows: `cli:name`. */
export function cliActor(): string {
  try {
    return `cli:${userInfo().username}`
  } catch {
    return `cli:uid-${process.getuid?.() ?? 'unknown'}` // an account without a name, as in containers
  }
}
