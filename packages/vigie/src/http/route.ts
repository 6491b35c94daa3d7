import type { IncomingHttpHeaders } from 'node:http'
import type { z } from 'zod'
import type { VigieError } from '../errors.ts'

/**
 * Who may call a route: anyone, or whoever may change what the server knows. Without authentication both are everyone on
 * this machine, and the server listens nowhere else; see `hosts.ts` for the pages that a browser shows there.
 */
export type Access = 'anyone' | 'operator'

/** What a handler is given: parsed and checked, nothing else is read from the request. */
export interface Call<P, B, Q = unknown> {
  readonly params: P
  readonly body: B
  readonly query: Q
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

/** How a protocol that is not ours says an error. */
export interface Refused {
  readonly status: number
  readonly type: string
  readonly text: string
}

/** One address of the API. Its schemas check requests and answers, and become `/openapi.json`. */
export interface Route<
  P extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
> {
  readonly method: 'GET' | 'POST'
  /** `:name` is a parameter. */
  readonly url: string
  readonly access: Access
  readonly summary: string
  readonly params?: P
  readonly body?: B
  readonly query?: Q
  /** Largest body that is read. Default `BODY_LIMIT_BYTES`. */
  readonly bodyLimitBytes?: number
  /** Schema of the JSON answer, or the media type of a page. */
  readonly answer: z.ZodType | string
  /** Statuses of its own errors; those that every route shares are added by the server. */
  readonly errors?: readonly number[]
  /** True when calls are refused while the server cannot keep up; what operators need is never refused. */
  readonly sheds?: boolean
  /** Routes of a protocol that has its own words for some errors. Null: this error is told as ours are. */
  readonly refusal?: (error: VigieError) => Refused | null
  readonly handle: (call: Call<z.output<P>, z.output<B>, z.output<Q>>) => unknown
}

/** Types the handler of one route by its schemas. */
export function route<
  P extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
>(route: Route<P, B, Q>): Route {
  return route as unknown as Route
}
