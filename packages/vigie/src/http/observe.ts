import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { ServedVectors } from '../ports/served-vectors.ts'
import type { ServingModel } from './serving-model.ts'

const BUCKETS_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/**
 * What Prometheus reads. The first two names are the reference API's. Labels come from closed sets only (the routes,
 * HTTP's statuses): a key of an entity is never a label.
 */
export function metrics(model: string, serving: ServingModel, served?: ServedVectors) {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  const requests = new Counter({
    name: 'api_requests_total',
    help: 'Requests that were answered.',
    labelNames: ['route', 'status'],
    registers,
  })
  const latency = new Histogram({
    name: 'api_request_latency_seconds',
    help: 'Seconds from the request to the end of its answer.',
    labelNames: ['route'],
    buckets: BUCKETS_SECONDS,
    registers,
  })
  const invalidOutputs = new Counter({
    name: 'vigie_model_invalid_outputs_total',
    help: 'Predictions that were refused because the model gave no probability.',
    registers,
  })
  new Gauge({
    name: 'vigie_champion_version',
    help: 'Version of the model that answers. Absent while there is none.',
    labelNames: ['model'],
    registers,
    collect() {
      const served = serving.current()
      if (served) this.set({ model }, served.champion.version)
    },
  })
  new Gauge({
    name: 'vigie_champion_load_failing',
    help: "1 while the registry's champion cannot be read or loaded, so that an older one or none answers.",
    labelNames: ['model'],
    registers,
    collect() {
      this.set({ model }, serving.failure() ? 1 : 0)
    },
  })
  new Counter({
    name: 'vigie_served_vectors_dropped_total',
    help: 'Vectors of predictions that could not be kept for the proof of parity.',
    registers,
    collect() {
      this.reset()
      this.inc(served?.dropped() ?? 0)
    },
  })

  // Finding them by their labels costs as much as the rest of counting.
  const known = new Map<string, { requests: Counter.Internal; latency: Histogram.Internal<'route'> }>()

  return {
    answered: (route: string, status: number, seconds: number): void => {
      const id = `${status} ${route}`
      let series = known.get(id)
      if (!series) {
        series = { requests: requests.labels({ route, status }), latency: latency.labels({ route }) }
        known.set(id, series)
      }
      series.requests.inc()
      series.latency.observe(seconds)
    },
    modelFailed: (): void => invalidOutputs.inc(),
    contentType: registry.contentType,
    text: (): Promise<string> => registry.metrics(),
  }
}
export type Metrics = ReturnType<typeof metrics>
