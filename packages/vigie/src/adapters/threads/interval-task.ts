import { interval } from '../../domain/significance/inference.ts'
import { metricInference } from '../../domain/significance/metric-inference.ts'
import type { Tasks } from '../../ports/compute.ts'

export function intervalTask({ metric, ...answers }: Tasks['interval']['input']): Tasks['interval']['output'] {
  const inference = metricInference(metric, answers)
  return { value: inference.estimate, ...interval(inference) }
}
