import type { Project } from '../../define/project.ts'
import type { CardReport } from '../../domain/model-card.ts'
import { hasCode } from '../../errors.ts'
import type { Ports } from '../../ports/ports.ts'
import { explanationOf } from '../explain.ts'

/** Models that cannot be explained, and rows that are no longer there, leave the rest of a card as it is. */
const EXPECTED = ['explanation_unavailable', 'training_set_changed', 'training_set_unknown', 'feature_spec_mismatch']

export async function cardExplanation(
  ports: Ports,
  project: Project,
  version: number,
  wanted: boolean,
  onProgress?: (share: number) => void,
): Promise<Pick<CardReport, 'explanation' | 'unexplained'>> {
  if (!wanted) return { explanation: null, unexplained: `it was not asked for: vigie explain ${version}` }
  try {
    return { explanation: await explanationOf(ports, project, version, {}, onProgress), unexplained: null }
  } catch (error) {
    if (!hasCode(error) || !EXPECTED.includes(error.code)) throw error
    return { explanation: null, unexplained: error.message }
  }
}
