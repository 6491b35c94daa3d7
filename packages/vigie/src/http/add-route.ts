import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify'
import { z } from 'zod'
import { PROBLEM_JSON, Problem } from './errors.ts'
import { type Access, Page, type Route } from './route.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
}

/** Puts one route of the list into the server, with its description. */
export function addRoute(app: FastifyInstance, { method, url, access, handle, ...declared }: Route): void {
  app.route({
    method,
    url,
    config: { access },
    schema: schemaOf({ method, ...declared }),
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const answer = await handle(request as never)
      if (!(answer instanceof Page)) return answer
      return reply.type(answer.type).headers(answer.headers).send(answer.text)
    },
  })
}

/** Statuses that every route may answer: a refused caller, a fault, a server that stops or has no model. */
const SHARED_ERRORS = [400, 403, 421, 500, 503]
const BODY_ERRORS = [408, 413, 415, 422]

function schemaOf(route: Pick<Route, 'method' | 'summary' | 'params' | 'body' | 'answer' | 'errors'>): FastifySchema {
  const { summary, params, body, answer, errors = [] } = route
  const statuses = [...SHARED_ERRORS, ...(body ? BODY_ERRORS : []), ...errors]
  const problems = statuses.map((status) => [
    status,
    { description: 'Refused', content: { [PROBLEM_JSON]: { schema: Problem } } },
  ])
  const success =
    typeof answer === 'string'
      ? { description: 'Done', content: { [answer]: { schema: z.string() } } }
      : { description: 'Done', content: { 'application/json': { schema: answer } } }
  return {
    summary,
    ...(params ? { params } : {}),
    ...(body ? { body } : {}),
    response: { 200: success, ...Object.fromEntries(problems) },
  }
}
