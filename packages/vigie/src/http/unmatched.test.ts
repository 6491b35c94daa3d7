import { expect, it } from 'vitest'
import { unmatched } from './unmatched.ts'

const why = unmatched([
  { method: 'POST', url: '/predict' },
  { method: 'GET', url: '/features/:user_id' },
  { method: 'GET', url: '/reports/:as_of' },
  { method: 'GET', url: '/reports/:as_of.json' },
])

it.each([
  ['GET', '/predict', ['POST']],
  ['HEAD', '/predict?x=1', ['POST']],
  ['DELETE', '/features/a%2Fb', ['GET', 'HEAD']],
  ['POST', '/reports/2024-01-31.json/', ['GET', 'HEAD']],
])('names the methods that %s %s could have used', (method, path, allow) => {
  expect(why(method, path)).toMatchObject({ code: 'method_not_allowed', details: { allow } })
})

it.each(['/', '/nope', '/features', '/features/a/b', '/predict/x', '/Predict'])('knows nothing at %s', (path) => {
  expect(why('GET', path).code).toBe('route_unknown')
})
