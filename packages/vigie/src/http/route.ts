import type { IncomingHttpHeaders } from 'node:http'
import type { z } from 'zod'

/** Who may call a route. */
export type Access = 'anyone'

/** What a handler is given: parsed and checked, nothing else is read from the request. */
export interface Call<P, B> {
  readonly params: P
  readonly body: B
  readonly headers: IncomingHttpHeaders
}

/** An answer that is not JSON. */
export class Page {
  readonly type: string
  readonly text: string
  readonly headers: Readonly<Record<string, string>>

  constructor(type: string, text: string, headers: Readonly<Record<string, string>> = {}) {
    this.type = type
    this.text = text
    this.headers = headers
  }
}

/** One address of the API. Its schemas check requests and answers, and become `/openapi.json`. */
export interface Route<P extends z.ZodType = z.ZodType, B extends z.ZodType = z.ZodType> {
  readonly method: 'GET' | 'POST'
  /** `:name` is a parameter. */
  readonly url: string
  readonly access: Access
  readonly summary: string
  readonly params?: P
  readonly body?: B
  /** Schema of the JSON answer, or the media type of a page. */
  readonly answer: z.ZodType | string
  /** Statuses of its own errors; those that every route shares are added by the server. */
  readonly errors?: readonly number[]
  /** True when calls are refused while the server cannot keep up; what operators need is never refused. */
  readonly sheds?: boolean
  readonly handle: (call: Call<z.output<P>, z.output<B>>) => unknown
}

/** Types the handler of one route by its schemas. */
export function route<P extends z.ZodType = z.ZodUndefined, B extends z.ZodType = z.ZodUndefined>(
  route: Route<P, B>,
): Route {
  return route as unknown as Route
}
