import type { Project } from '../define/project.ts'
import type { Evidence } from '../domain/promotion/evidence.ts'
import { VigieError } from '../errors.ts'
import type { Ports } from '../ports/ports.ts'
import type { ModelVersion } from '../ports/registry.ts'
import { lackingInputs, lackingText, modelVersion } from './holdout-scores.ts'

/** Two versions that are compared. */
export interface Contest {
  readonly challenger: ModelVersion
  readonly champion: ModelVersion | null
  /** Of the champion's reign; 0 when there is none. */
  readonly epoch: number
  /** A champion that cannot be scored under the definition, and so answers nobody: there is none to beat. */
  readonly unreadable: Evidence['unreadable']
}

/** A version against the champion of now, or against another that is named. */
export async function contestOf(
  ports: Ports,
  project: Project,
  challenger: number,
  against: number | null = null,
): Promise<Contest> {
  const reign = await ports.registry.champion(project.model.name)
  if (against !== null && against !== reign?.version) {
    const named = {
      challenger: await modelVersion(ports, project, challenger),
      champion: await modelVersion(ports, project, against),
    }
    await requireReadable(ports, project, named.champion)
    await requireReadable(ports, project, named.challenger)
    return { ...named, epoch: reign?.epoch ?? 0, unreadable: null }
  }
  const found = {
    challenger: await modelVersion(ports, project, challenger),
    champion: reign && (await modelVersion(ports, project, reign.version)),
    epoch: reign?.epoch ?? 0,
  }
  await requireReadable(ports, project, found.challenger)
  const lacking = found.champion && (await lackingInputs(ports, project, found.champion))
  if (!found.champion || !lacking || lacking.length === 0) return { ...found, unreadable: null }
  return { ...found, champion: null, unreadable: { id: `v${found.champion.version}`, lacking } }
}

/** What was trained on other features, or on another label, has no answer to compare. */
async function requireReadable(ports: Ports, project: Project, version: ModelVersion): Promise<void> {
  const lacking = await lackingInputs(ports, project, version)
  if (lacking.length === 0) return
  throw new VigieError('feature_spec_mismatch', lackingText(version, lacking), {
    rule: 'versions are compared on what the definition has',
    value: lacking.join(', ').slice(0, 200),
  })
}
