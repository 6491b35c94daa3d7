import type { IncomingHttpHeaders } from 'node:http'
import type { z } from 'zod'
import { VigieError } from '../errors.ts'
import { parseStrict } from './strict-json.ts'

/** Largest body that is read. */
export const BODY_LIMIT_BYTES = 256 * 1024

/** The object in a body whose media type is `application/json`. Throws `unsupported_media_type` or as `parseStrict`. */
export function readBody(headers: IncomingHttpHeaders, bytes: Uint8Array): object {
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') {
    throw new VigieError(
      'unsupported_media_type',
      `bodies are not read with content-encoding ${encoding.slice(0, 40)}`,
      {
        rule: 'bodies are sent uncompressed',
        value: encoding.slice(0, 40),
        hint: 'Send the body as it is, without content-encoding.',
      },
    )
  }
  const charset = /charset="?([^\s;"]+)/i.exec(headers['content-type'] ?? '')?.[1]
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    throw new VigieError('unsupported_media_type', `bodies are not read with charset ${charset.slice(0, 40)}`, {
      rule: 'JSON is UTF-8',
      value: charset.slice(0, 40),
    })
  }
  return parseStrict(bytes)
}

/** The first thing that a schema found wrong, as `bad_json` (no body at all), `unknown_field` or `body_invalid`. */
export function invalidRequest(value: unknown, { issues }: z.core.$ZodError): VigieError {
  if (value === undefined || value === null) {
    return new VigieError('bad_json', 'there is no body', { rule: 'a body is one JSON object' })
  }
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!
  const field = `/${issue.path.join('/')}`
  if (issue.code === 'unrecognized_keys') {
    const name = issue.keys[0]!.slice(0, 80)
    return new VigieError('unknown_field', `there is no field "${name}"`, {
      rule: 'a body has only the fields that the API describes',
      value: name,
      field: `${field === '/' ? '' : field}/${name}`,
    })
  }
  return new VigieError('body_invalid', `${field} is not what the API describes`, { rule: issue.message, field })
}
