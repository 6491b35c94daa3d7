import type { Command } from 'commander'
import { get } from './get.ts'
import { list } from './list.ts'
import { show } from './show.ts'

export function features(program: Command): void {
  const command = program.command('features').description('what the features are, and what is known of one key')
  get(command)
  list(command)
  show(command)
}
