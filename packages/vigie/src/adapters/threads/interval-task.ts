import { metricBootstrap } from '../../domain/bootstrap/paired-bootstrap.ts'
import { oneRowEach } from '../../domain/entities.ts'
import { EVALUATION_SEED } from '../../domain/evaluation/metric-intervals.ts'
import { interval } from '../../domain/significance/inference.ts'
import { hasClosedForm, metricInference } from '../../domain/significance/metric-inference.ts'
import type { Tasks } from '../../ports/compute.ts'

/** Held-out rows of one date: every entity has one. */
export function intervalTask({ metric, ...answers }: Tasks['interval']['input']): Tasks['interval']['output'] {
  if (hasClosedForm(metric, answers)) {
    const inference = metricInference(metric, answers)
    return { value: inference.estimate, ...interval(inference) }
  }
  const { estimate, low, high } = metricBootstrap(metric, answers, oneRowEach(answers.y.length), {
    seed: EVALUATION_SEED,
  })
  return { value: estimate, low, high }
}
