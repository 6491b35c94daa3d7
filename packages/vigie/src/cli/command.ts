import { pathToFileURL } from 'node:url'
import type { Command } from 'commander'
import type { Project } from '../define/project.ts'
import { hasCode, VigieError } from '../errors.ts'
import { type House, openHouse } from './house.ts'
import { type ExitStatus, exitStatus, type Output, output } from './output.ts'
import { type Flags, type Settings, settings } from './settings.ts'
import { STOPPED_STATUS, type StopSignal, untilStopped } from './until-stopped.ts'

/** What a command works with. Nothing is opened before it is asked for. */
export interface Context {
  readonly output: Output
  readonly settings: Settings
  project(): Promise<Project>
  house(): Promise<House>
  /** For a command that goes on until it is told to stop. Any other is cut off by the signal. */
  untilStopped(): Promise<StopSignal>
}

type Run = (
  context: Context,
  args: readonly string[],
  options: Readonly<Record<string, string | boolean | undefined>>,
) => Promise<ExitStatus | undefined>

/** A command that was told to stop ends after this time even if a store cannot be opened or closed. */
const CLOSING_PATIENCE_MS = 10_000

/** Gives a command its body: opens what it asks for, prints its error if it fails, and always closes, also on a signal. */
export function does(command: Command, run: Run): Command {
  return command.action(async (...call: unknown[]) => {
    const self = call.at(-1) as Command
    const options = self.optsWithGlobals<Flags & { readonly json?: boolean; readonly ascii?: boolean }>()
    const out = output({ json: options.json === true, ascii: options.ascii === true })
    const stopped = untilStopped()
    let stopsByItself = false
    let cutOffBy: StopSignal | undefined
    let house: Promise<House> | undefined
    try {
      // A command that needs no project runs where there is none.
      let resolved: Settings | undefined
      const resolve = () => {
        resolved ??= settings(options, process.env, process.cwd())
        return resolved
      }
      const project = async () => loadProject(resolve().config.value)
      const context: Context = {
        output: out,
        get settings() {
          return resolve()
        },
        project,
        house: () => {
          house ??= project().then((p) => openHouse(resolve(), p))
          return house
        },
        untilStopped: () => {
          stopsByItself = true
          return stopped
        },
      }
      const running = run(context, self.args, options as Record<string, string | boolean | undefined>)
      const ended = await Promise.race([running, stopped.then(async (signal) => (stopsByItself ? running : signal))])
      if (typeof ended === 'string') cutOffBy = ended
      else process.exitCode = ended ?? 0
    } catch (error) {
      out.error(error)
      process.exitCode = exitStatus(error)
    } finally {
      if (cutOffBy) setTimeout(process.exit, CLOSING_PATIENCE_MS, STOPPED_STATUS[cutOffBy]).unref()
      await house?.then(
        (opened) => opened.close(),
        () => undefined, // it never opened, and that error is already said
      )
    }
    // what was cut off would go on in a process that stays
    if (cutOffBy) process.exit(STOPPED_STATUS[cutOffBy])
  })
}

/** Imports the user's definition: the default export of `vigie.config.ts`. */
export async function loadProject(file: string): Promise<Project> {
  const { default: project } = await imported(file)
  if (typeof project?.hash !== 'string' || !project.model) {
    throw new VigieError('definition_invalid', `${file} exports no project`, {
      rule: 'the definition is the default export: export default defineProject({ ... })',
      value: typeof project,
      file,
    })
  }
  return project as Project
}

/** Whatever goes wrong in the user's own module is the user's to see, with its place, under the name of that file. */
async function imported(file: string): Promise<{ readonly default?: Partial<Project> }> {
  try {
    return await import(pathToFileURL(file).href)
  } catch (cause) {
    if (hasCode(cause)) throw cause
    throw new VigieError('definition_invalid', `${file} cannot be loaded: ${reason(cause)}`, {
      rule: 'the definition is a module that Node can import',
      file,
      cause,
    })
  }
}

const reason = (cause: unknown): string => (cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause))
