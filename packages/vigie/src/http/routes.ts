import type { Project } from '../define/project.ts'
import { VigieError } from '../errors.ts'
import type { Ports } from '../ports/ports.ts'
import type { ServedVectors } from '../ports/served-vectors.ts'
import { type FeastPorts, feastRoutes } from './feast/routes.ts'
import { featuresAt } from './features-at.ts'
import { indexPage } from './index-page.ts'
import type { Metrics } from './observe.ts'
import { operations } from './operate.ts'
import { predictions, requireServed } from './predict.ts'
import { Page, type Route, route } from './route.ts'
import { schemas } from './schemas.ts'
import type { ServingModel } from './serving-model.ts'

/** Every address of the API. `access` is compulsory: a route without it stops the server from starting. */
export function routes(options: {
  readonly project: Project
  readonly ports: FeastPorts & Pick<Ports, 'reports'>
  /** Where the vectors of predictions are kept. */
  readonly served?: ServedVectors | undefined
  readonly serving: ServingModel
  readonly metrics: Metrics
  readonly stopping: () => boolean
}): readonly Route[] {
  const { project, metrics, ports } = options
  const { key } = project.entity
  const s = schemas(project)
  const { predict, explain, features } = predictions(project, ports.online, options.serving, options.served)
  const operate = operations(project, options.serving, ports.reports)
  const featuresThen = featuresAt(ports, project)

  const list: readonly Route[] = [
    route({
      method: 'POST',
      url: '/predict',
      access: 'anyone',
      summary: `Score one ${key} with the champion, and with explain=true say what each feature contributed`,
      query: s.predictQuery,
      body: s.key,
      answer: s.prediction,
      errors: [404, 422],
      sheds: true,
      handle: ({ body, query }) => (query.explain === 'true' ? explain(body[key]!) : predict(body[key]!)),
    }),
    route({
      method: 'GET',
      url: `/features/:${key}`,
      access: 'anyone',
      summary: `The values that a model would be given for one ${key}: now, or at an as_of as it was known then`,
      params: s.key,
      query: s.featuresQuery,
      answer: s.features,
      errors: [404, 422],
      sheds: true,
      handle: ({ params, query: { as_of: at } }) =>
        at === undefined ? features(params[key]!) : featuresThen(params[key]!, at),
    }),
    ...feastRoutes(ports, project),
    route({
      method: 'GET',
      url: '/model',
      access: 'anyone',
      summary: 'The champion that answers, and the features that it reads',
      answer: s.model,
      handle: operate.model,
    }),
    route({
      method: 'GET',
      url: '/health',
      access: 'anyone',
      summary: 'Which model answers, and what is not as it should be',
      answer: s.health,
      handle: operate.health,
    }),
    route({
      method: 'GET',
      url: '/readyz',
      access: 'anyone',
      summary: 'For load balancers: 503 until a model is loaded, and while the server stops',
      answer: s.probe,
      handle: () => {
        if (options.stopping()) throw new VigieError('overloaded', 'the server is stopping')
        requireServed(options.serving)
        return { status: 'ok' }
      },
    }),
    route({
      method: 'GET',
      url: '/reports',
      access: 'anyone',
      summary: 'The reports of the monitor, of deliveries, of comparisons, and the cards of versions',
      answer: s.reports,
      handle: operate.reports,
    }),
    route({
      method: 'GET',
      url: '/reports/validation/:delivery',
      access: 'anyone',
      summary: 'What was found in one delivery, to read',
      params: s.delivery,
      answer: 'text/html',
      errors: [404],
      handle: ({ params }) => operate.namedPage('validation', params.delivery),
    }),
    route({
      method: 'GET',
      url: '/reports/validation/:delivery.json',
      access: 'anyone',
      summary: 'What was found in one delivery, as JSON',
      params: s.delivery,
      answer: s.anyJson,
      errors: [404],
      handle: ({ params }) => operate.namedJson('validation', params.delivery),
    }),
    route({
      method: 'GET',
      url: '/reports/comparison/:comparison',
      access: 'anyone',
      summary: 'Two versions on the same held-out rows, to read',
      params: s.comparison,
      answer: 'text/html',
      errors: [404],
      handle: ({ params }) => operate.namedPage('comparison', params.comparison),
    }),
    route({
      method: 'GET',
      url: '/reports/comparison/:comparison.json',
      access: 'anyone',
      summary: 'Two versions on the same held-out rows, as JSON',
      params: s.comparison,
      answer: s.anyJson,
      errors: [404],
      handle: ({ params }) => operate.namedJson('comparison', params.comparison),
    }),
    route({
      method: 'GET',
      url: '/reports/card/:card',
      access: 'anyone',
      summary: 'What is known of one version, to read',
      params: s.card,
      answer: 'text/html',
      errors: [404],
      handle: ({ params }) => operate.namedPage('card', params.card),
    }),
    route({
      method: 'GET',
      url: '/reports/card/:card.json',
      access: 'anyone',
      summary: 'What is known of one version, as JSON',
      params: s.card,
      answer: s.anyJson,
      errors: [404],
      handle: ({ params }) => operate.namedJson('card', params.card),
    }),
    route({
      method: 'GET',
      url: '/reports/:as_of',
      access: 'anyone',
      summary: 'One report to read',
      params: s.asOf,
      answer: 'text/html',
      errors: [404],
      handle: ({ params }) => operate.reportPage(params.as_of),
    }),
    route({
      method: 'GET',
      url: '/reports/:as_of.json',
      access: 'anyone',
      summary: 'One report as JSON',
      params: s.asOf,
      answer: s.anyJson,
      errors: [404],
      handle: ({ params }) => operate.reportJson(params.as_of),
    }),
    route({
      method: 'GET',
      url: '/metrics',
      access: 'anyone',
      summary: 'For Prometheus',
      answer: 'text/plain',
      handle: async () => new Page(metrics.contentType, await metrics.text()),
    }),
    route({
      method: 'GET',
      url: '/',
      access: 'anyone',
      summary: 'This page',
      answer: 'text/html',
      handle: async () => indexPage(project, list, operate.health(), (await operate.reports()).reports),
    }),
  ]
  return list
}
