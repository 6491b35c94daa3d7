import { z } from 'zod'
import { catalogue, type ErrorCode, type ErrorKind, hasCode, VigieError } from '../errors.ts'

const STATUS_OF_KIND: Readonly<Record<ErrorKind, number>> = {
  rejected: 422,
  usage: 400,
  not_found: 404,
  conflict: 409,
  integrity: 500,
  limit: 413,
  temporary: 503,
  internal: 500,
}

/** Where HTTP has a more exact status than the kind's. */
const STATUS_OF_CODE: Partial<Readonly<Record<ErrorCode, number>>> = {
  body_invalid: 422,
  unknown_field: 422,
  unsafe_integer: 422,
  duplicate_key: 400,
  too_deep: 400,
  feature_names_collide: 422,
  push_source_unknown: 422,
  no_champion: 503,
  method_not_allowed: 405,
  request_timeout: 408,
  unsupported_media_type: 415,
  archive_unsupported: 415,
  content_mismatch: 415,
  parquet_unsupported: 415,
  host_refused: 421,
  origin_refused: 403,
  headers_too_large: 431,
}

export function statusOf(code: ErrorCode): number {
  return STATUS_OF_CODE[code] ?? STATUS_OF_KIND[catalogue[code].kind]
}

/** The body of every error: RFC 9457 with our code, what to do next, and what the failure is about. */
export const Problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    hint: z.string(),
    rule: z.string().optional(),
    value: z.string().optional(),
    field: z.string().optional().meta({ description: 'Where in the request, as a JSON pointer.' }),
    error: z.string().optional().meta({ description: 'Predictions only: the text of the reference API.' }),
    missing_features: z.array(z.string()).optional(),
    request_id: z.string().optional().meta({ description: 'Names the log line of a failure of the server.' }),
  })
  .meta({ title: 'Problem' })
export type Problem = z.output<typeof Problem>

/** Media type of `Problem`. */
export const PROBLEM_JSON = 'application/problem+json'

export function problem(error: VigieError): Problem {
  const { rule, value, field, error: text, missing_features } = error.details as Partial<Problem>
  return {
    type: `urn:problem-type:vigie:${error.code}`,
    title: error.code.replaceAll('_', ' '),
    status: statusOf(error.code),
    code: error.code,
    detail: error.message,
    hint: error.hint,
    ...(rule === undefined ? {} : { rule }),
    ...(value === undefined ? {} : { value }),
    ...(field === undefined ? {} : { field }),
    ...(text === undefined ? {} : { error: text }),
    ...(missing_features === undefined ? {} : { missing_features }),
  }
}

/**
 * What Fastify itself refuses, in our codes. Anything else that is not ours is a fault of this program, and its text
 * stays in the log: it may name paths or values.
 */
export function asVigieError(error: unknown): VigieError {
  if (hasCode(error)) return error
  const { code, message } = error as { code?: string; message?: string }
  if (code === 'ECONNRESET' && message === 'aborted') {
    return new VigieError('request_invalid', 'the connection ended inside the body')
  }
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new VigieError('too_large', 'the body is too large', {
        rule: 'a body has at most 256 KB, 1 MB where rows are sent',
      })
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new VigieError('unsupported_media_type', 'the content type is not JSON', {
        rule: 'bodies are application/json',
      })
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new VigieError('request_invalid', 'the body is not as long as content-length says')
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new VigieError('request_invalid', 'the path cannot be read', {
        rule: 'a path is percent-encoded UTF-8, each part at most 1,024 characters',
      })
    default:
      return new VigieError('internal', 'the server failed to answer this request', { cause: error })
  }
}
