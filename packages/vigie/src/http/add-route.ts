import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify'
import { z } from 'zod'
import type { VigieError } from '../errors.ts'
import { PROBLEM_JSON, Problem } from './errors.ts'
import { type Access, Page, type Refused, type Route } from './route.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    refusal?: ((error: VigieError) => Refused | null) | undefined
  }
}

/** Puts one route of the list into the server, with its description. */
export function addRoute(app: FastifyInstance, declared: Route): void {
  const { method, url, access, refusal, bodyLimitBytes, handle } = declared
  app.route({
    method,
    url,
    config: { access, refusal },
    schema: schemaOf(declared),
    ...(bodyLimitBytes === undefined ? {} : { bodyLimit: bodyLimitBytes }),
    handler: (request: FastifyRequest, reply: FastifyReply) => {
      const answer = handle(request as never)
      if (answer instanceof Promise) return answer.then((awaited) => send(reply, awaited))
      send(reply, answer)
      // Not the reply, which Fastify would wait for as for a promise.
      return undefined
    },
  })
}

function send(reply: FastifyReply, answer: unknown): FastifyReply {
  if (!(answer instanceof Page)) return reply.send(answer)
  return reply.type(answer.type).headers(answer.headers).send(answer.text)
}

/** Statuses that every route may answer: a refused caller, a fault, a server that stops or has no model. */
const SHARED_ERRORS = [400, 403, 421, 500, 503]
const BODY_ERRORS = [408, 413, 415, 422]

function schemaOf(route: Route): FastifySchema {
  const { summary, params, body, query, answer, refusal, errors = [] } = route
  const statuses = [...SHARED_ERRORS, ...(body ? BODY_ERRORS : []), ...errors]
  const problems = statuses.map((status) => [
    status,
    {
      description: 'Refused',
      content: {
        [PROBLEM_JSON]: { schema: Problem },
        ...(refusal ? { 'application/json': { schema: z.string() } } : {}),
      },
    },
  ])
  const success =
    typeof answer === 'string'
      ? { description: 'Done', content: { [answer]: { schema: z.string() } } }
      : { description: 'Done', content: { 'application/json': { schema: answer } } }
  return {
    summary,
    ...(params ? { params } : {}),
    ...(body ? { body } : {}),
    ...(query ? { querystring: query } : {}),
    response: { 200: success, ...Object.fromEntries(problems) },
  }
}
