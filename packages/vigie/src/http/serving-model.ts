import { setImmediate as nextTurn } from 'node:timers/promises'
import { labelTarget } from '../define/label.ts'
import { onlineInputs } from '../define/model-input.ts'
import type { Project } from '../define/project.ts'
import { type FeatureReading, featureReading } from '../domain/feature-reading.ts'
import { hasCode, VigieError } from '../errors.ts'
import { isAsked, targetText } from '../loop/holdout-scores.ts'
import { predictSoon, rowsToTry, type ScoringModel, scoringModel } from '../loop/predict.ts'
import type { ArtefactStore } from '../ports/artefact-store.ts'
import type { GraphRuntime } from '../ports/graph-runtime.ts'
import type { Champion, Registry } from '../ports/registry.ts'
import type { Logger } from './logger.ts'

/** The model that answers, and who it is. Never changed: a swap replaces the whole object. */
export interface Served {
  readonly champion: Champion
  readonly model: ScoringModel
  /** What of the definition it reads. */
  readonly reading: FeatureReading
}

/** Holds the champion, verified and ready, and follows the registry. */
export interface ServingModel {
  /** A request takes this once, so that all of its answer comes from one model. Null: no model is loaded. */
  current(): Served | null
  /** Why the model that answers is not the registry's champion; null when it is. */
  failure(): VigieError | null
  /** Resolves when the newest champion was tried; a failure is kept in `failure`, not thrown. */
  refresh(): Promise<void>
  close(): Promise<void>
}

/** A load that failed is tried again, and a registry that went away is noticed, within this time. */
const POLL_MS = 2000

/**
 * Loads the champion and swaps when the registry says that it changed. A champion that cannot be loaded changes
 * nothing: the one before keeps answering, `failure` says why, and it is tried again.
 */
export async function openServingModel(options: {
  readonly registry: Registry
  readonly artefacts: ArtefactStore
  /** Without it champions that are graphs cannot be loaded. */
  readonly graphs?: GraphRuntime | undefined
  readonly project: Project
  readonly logger: Logger
}): Promise<ServingModel> {
  const { registry, artefacts, graphs, project, logger } = options
  const name = project.model.name
  let served: Served | null = null
  let failure: VigieError | null = null
  let running: Promise<void> | null = null
  let askedAgain = false

  const load = async (): Promise<void> => {
    try {
      const champion = await registry.champion(name)
      if (champion && champion.epoch !== served?.champion.epoch) {
        const bytes = await artefacts.get(champion.artefact)
        const model = await scoringModel(bytes, nextTurn, graphs)
        const reading = await fit(project, model)
        const before = served
        served = { champion, model, reading }
        await before?.model.close()
        logger.info({ model: name, version: champion.version }, 'champion loaded')
      }
      failure = null
    } catch (error) {
      // Whatever it was, the model that is there answers on.
      const next = hasCode(error) ? error : new VigieError('champion_not_loaded', String(error), { cause: error })
      if (next.message !== failure?.message) logger.error({ err: error, model: name }, 'champion not loaded')
      failure = next
    }
  }

  /** One load at a time. A signal that comes during one may be about a newer champion, so it is followed by another. */
  const refresh = (): Promise<void> => {
    askedAgain = true
    running ??= (async () => {
      while (askedAgain) {
        askedAgain = false
        await load()
      }
      running = null
    })()
    return running
  }

  await refresh()
  const stopWatching = await registry.watchChampion(name, () => void refresh())
  const poll = setInterval(() => void refresh(), POLL_MS).unref()
  return {
    current: () => served,
    failure: () => failure,
    refresh,
    close: async () => {
      clearInterval(poll)
      await stopWatching()
      await running
      await served?.model.close()
    },
  }
}

/** A champion that was trained under another definition goes on answering while the definition has its features. */
export function readingOf(project: Project, model: ScoringModel): FeatureReading {
  if (!isAsked(project, model.target)) {
    const found = targetText(model.target)
    throw new VigieError('target_mismatch', `the champion answers a label ${found}`, {
      rule: `a model answers the label of the definition, a label ${targetText(labelTarget(project.label))}`,
      value: found,
    })
  }
  const reading = featureReading(model.features, onlineInputs(project))
  if (!('lacking' in reading)) return reading
  const names = reading.lacking.join(', ').slice(0, 200)
  throw new VigieError('feature_spec_mismatch', `the champion reads what the definition no longer has: ${names}`, {
    rule: 'a model answers only from the features that it was trained on',
    value: names,
  })
}

/** How the definition reads it. A model that does not fit, or fails on rows that it may be asked, is let go. */
async function fit(project: Project, model: ScoringModel): Promise<FeatureReading> {
  try {
    const reading = readingOf(project, model)
    for (const row of rowsToTry(model.model)) await predictSoon(model, row)
    return reading
  } catch (error) {
    await model.close()
    throw error
  }
}
