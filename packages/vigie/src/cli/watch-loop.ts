import type { Watcher } from '../loop/events.ts'
import { stageLines } from './loop-lines.ts'
import type { Output } from './output.ts'

const BAR = 21

/** Prints one line a finished stage, and a progress line while one works. */
export function watchLoop(output: Output): Watcher {
  return (event) => {
    if (event.kind === 'started') output.progress(event.stage)
    else if (event.kind === 'progress') output.progress(`${event.stage} ${bar(event.share)}`)
    else {
      output.progress(null)
      for (const line of stageLines(event, output.pen)) output.line(line)
    }
  }
}

function bar(share: number): string {
  const filled = Math.round(share * BAR)
  const drawn = '='.repeat(filled) + (filled < BAR ? '>' : '')
  return `[${drawn.slice(0, BAR).padEnd(BAR)}] ${Math.round(share * 100)} %`
}
