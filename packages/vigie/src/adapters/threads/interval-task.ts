import { interval } from '../../domain/significance/inference.ts'
import { metricInference } from '../../domain/significance/metric-inference.ts'
import type { Tasks } from '../../ports/compute.ts'

export function intervalTask(input: Tasks['interval']['input']): Tasks['interval']['output'] {
  const inference = metricInference(input.metric, input.y, input.probability, input.threshold)
  return { value: inference.estimate, ...interval(inference) }
}
