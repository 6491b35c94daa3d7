import os from 'node:os'

/** Which machine made a figure. */
export function machine(): { readonly machine: string; readonly node: string } {
  return { machine: `${os.cpus().length} x ${os.cpus()[0]?.model.trim() ?? 'unknown'}`, node: process.version }
}
