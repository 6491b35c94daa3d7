import swagger from '@fastify/swagger'
import underPressure from '@fastify/under-pressure'
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { VigieError } from '../errors.ts'
import { VERSION } from '../version.ts'
import { addRoute } from './add-route.ts'
import { BODY_LIMIT_BYTES, invalidRequest, readBody } from './body.ts'
import { answerBrokenRequest } from './broken-request.ts'
import { asVigieError, PROBLEM_JSON, problem } from './errors.ts'
import { checkCaller } from './hosts.ts'
import type { Logger } from './logger.ts'
import type { Metrics } from './observe.ts'
import type { Route } from './route.ts'
import { unmatched } from './unmatched.ts'

/** Mean delay of the event loop, in milliseconds, above which predictions are refused until it is caught up. */
const OVERLOADED_MS = 250

/** For JSON; pages replace the policy by their own. Set here because @fastify/helmet costs as much as the rest of Fastify. */
const SAFE_HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
} as const

/**
 * The HTTP server over a list of routes, not listening yet. It refuses to be made when any route, also one that a
 * plugin adds, does not say who may call it.
 */
export async function buildApp(options: {
  readonly title: string
  readonly routes: readonly Route[]
  readonly metrics: Metrics
  readonly logger: Logger
}): Promise<FastifyInstance> {
  const { title, metrics, logger } = options
  const app = Fastify({
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: 9000, // looked at each second, so a slow request is cut within ten
    connectionTimeout: 15_000,
    keepAliveTimeout: 65_000,
    return503OnClosing: false, // a request on an open connection is answered, and told that the connection closes
    forceCloseConnections: 'idle',
    http: { headersTimeout: 5000, connectionsCheckingInterval: 1000, maxHeaderSize: 16 * 1024 },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 1024 },
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, _request, reply) => sendProblem(reply as FastifyReply, asVigieError(error)),
  })

  const openapi: Route = {
    method: 'GET',
    url: '/openapi.json',
    access: 'anyone',
    summary: 'This description, OpenAPI 3.1',
    answer: z.looseObject({ openapi: z.string() }),
    handle: () => app.swagger(),
  }
  const routes = [...options.routes, openapi]

  app.setValidatorCompiler<z.ZodType>(({ schema }) => (data) => {
    const result = schema.safeParse(data)
    return result.success ? { value: result.data } : { error: invalidRequest(data, result.error) }
  })
  // Answers are made of plain values to their schema's types, and the tests hold them against it. Checking each again
  // here would cost a tenth of a prediction; a compiled serializer is no faster than the engine's own.
  app.setSerializerCompiler(() => JSON.stringify)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    try {
      done(null, readBody(request.headers, bytes as Buffer))
    } catch (error) {
      done(error as Error)
    }
  })

  const whyUnmatched = unmatched(routes)
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(SAFE_HEADERS)
    try {
      checkCaller(request.headers)
      done(request.is404 ? whyUnmatched(request.method, request.url) : undefined)
    } catch (error) {
      done(error as Error)
    }
  })
  app.addHook('onResponse', (request, reply, done) => {
    metrics.answered(request.routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime / 1000)
    done()
  })
  app.addHook('onRoute', ({ url, method, config }) => {
    if (config?.access !== undefined) return
    throw new VigieError('internal', `${method} ${url} does not say who may call it`, {
      rule: 'every route declares its access',
    })
  })
  app.setErrorHandler((thrown, request, reply) => {
    const error = asVigieError(thrown)
    const refused = request.routeOptions.config.refusal?.(error)
    if (refused) return reply.code(refused.status).type(refused.type).send(refused.text)
    if (error.code === 'model_invalid_output') metrics.modelFailed()
    if (error.kind !== 'internal' && error.kind !== 'integrity') return sendProblem(reply, error)
    logger.error({ err: thrown, request: request.id, route: request.routeOptions.url }, error.message)
    return sendProblem(reply, error, request.id)
  })

  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title, version: VERSION } },
    transform: jsonSchemaTransform,
  })
  for (const route of routes) if (!route.sheds) addRoute(app, route)
  await app.register(async (shedding) => {
    await shedding.register(underPressure, {
      maxEventLoopDelay: OVERLOADED_MS,
      pressureHandler: () => {
        throw new VigieError('overloaded', 'more requests arrive than can be answered')
      },
    })
    for (const route of routes) if (route.sheds) addRoute(shedding, route)
  })
  await app.ready()
  return app
}

/** `logged` is the id of the request when its failure is in the log. */
function sendProblem(reply: FastifyReply, error: VigieError, logged?: string): FastifyReply {
  const { allow } = error.details as { allow?: readonly string[] }
  if (allow) reply.header('allow', allow.join(', '))
  if (error.code === 'overloaded') reply.header('retry-after', String(1 + Math.floor(Math.random() * 3)))
  const body = { ...problem(error), ...(logged === undefined ? {} : { request_id: logged }) }
  return reply.code(body.status).type(PROBLEM_JSON).send(JSON.stringify(body))
}
