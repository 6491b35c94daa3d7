import { VigieError } from '../errors.ts'

/**
 * Why no route answers: the path is unknown (`route_unknown`), or it is known and the method is not
 * (`method_not_allowed`, with the methods that are in `details.allow`).
 */
export function unmatched(routes: readonly { readonly method: string; readonly url: string }[]) {
  const patterns = routes.map(({ method, url }) => ({
    methods: method === 'GET' ? ['GET', 'HEAD'] : [method],
    path: new RegExp(`^${url.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}/?$`),
  }))
  return (method: string, target: string): VigieError => {
    const path = target.split('?', 1)[0]!
    const allow = [...new Set(patterns.filter((p) => p.path.test(path)).flatMap((p) => p.methods))]
    if (allow.length === 0) {
      return new VigieError('route_unknown', `there is nothing at ${path.slice(0, 80)}`, { value: path.slice(0, 80) })
    }
    return new VigieError('method_not_allowed', `${path.slice(0, 80)} does not answer to ${method}`, {
      rule: `this address answers to ${allow.join(', ')}`,
      value: method,
      allow,
    })
  }
}
