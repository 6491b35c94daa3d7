/** One of these values, each as likely. */
export interface OneOf<V> {
  readonly kind: 'oneOf'
  readonly values: readonly V[]
}

/** A number from `low` to `high`; with `log` each doubling is as likely as another. */
export interface Between {
  readonly kind: 'between' | 'wholeBetween'
  readonly low: number
  readonly high: number
  readonly scale: 'linear' | 'log'
}

/** Where the values of one parameter are drawn from. */
export type Choice<V = unknown> = OneOf<V> | (number extends V ? Between : never)

/** Parameters of a trainer that are searched, and where: names and values that the trainer does not have do not compile. */
export type Space<T> = { readonly [P in Exclude<keyof T, 'kind'>]?: Choice<T[P]> }

export function oneOf<const V extends readonly unknown[]>(...values: V): OneOf<V[number]> {
  return { kind: 'oneOf', values }
}

export function between(low: number, high: number, scale: 'linear' | 'log' = 'linear'): Between {
  return { kind: 'between', low, high, scale }
}

export function wholeBetween(low: number, high: number, scale: 'linear' | 'log' = 'linear'): Between {
  return { kind: 'wholeBetween', low, high, scale }
}
