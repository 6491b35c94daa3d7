import { VigieError } from '../errors.ts'

/**
 * The value as it comes back from JSON, so that a run sees the same whether a step ran now or in an earlier life.
 * Properties that are undefined are left out. Refuses what JSON would change or lose without a word: NaN, infinities,
 * bigints, functions, maps, dates, typed arrays and other objects with a class.
 *
 * @param where for the message: the step that returned the value
 */
export function asJson<T>(value: T, where: string): T {
  if (value === undefined) return value
  check(value, where)
  return JSON.parse(JSON.stringify(value)) as T
}

function check(value: unknown, where: string): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw notJson(String(value), where)
  } else if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) check(item, `${where}[${i}]`)
  } else if (typeof value !== 'object') {
    throw notJson(value === undefined ? 'undefined' : `a ${typeof value}`, where)
  } else if (!isPlain(value)) {
    throw notJson(`a ${value.constructor?.name ?? 'object with a class'}`, where)
  } else {
    for (const [name, item] of Object.entries(value)) {
      if (item !== undefined) check(item, `${where}.${name}`)
    }
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function notJson(what: string, where: string): VigieError {
  return new VigieError('internal', `${where} is ${what}, which has no JSON form`, {
    rule: 'input, output and step results of a flow are JSON',
    value: what,
  })
}
