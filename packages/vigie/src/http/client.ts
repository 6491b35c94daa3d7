import type { FeaturesOf, KeyOf, LabelOf } from '../define/infer.ts'
import type { FeatureStatus } from '../domain/feature-status.ts'
import type { Target } from '../domain/model/target.ts'

type Nullable<F> = { readonly [K in keyof F]: F[K] | null }

/** What is said of a label whose values have the type `T`. */
export type AnswerFor<T> = [T] extends [boolean]
  ? {
      readonly prediction: 0 | 1
      /** Of class 1. */
      readonly probability: number
    }
  : [T] extends [number]
    ? { readonly prediction: number }
    : [T] extends [string]
      ? {
          readonly prediction: T
          /** Of each class; they add up to 1. */
          readonly probabilities: { readonly [C in T]: number }
        }
      : {
          readonly prediction: number | string
          readonly probability?: number
          readonly probabilities?: Readonly<Record<string, number>>
        }

/** What the champion says about one entity. */
export type PredictionOf<P> = KeyOf<P> &
  AnswerFor<LabelOf<P>[keyof LabelOf<P>]> & {
    /** Exactly the values that were scored. */
    readonly features_used: FeaturesOf<P>
    readonly model: string
    readonly version: number
    readonly prediction_id: string
  }

/** What each feature contributed to an answer: the base and all contributions add up to the score. */
export interface Explanation<P> {
  /** What contributions are in. */
  readonly space: 'log_odds' | 'probability' | 'number'
  /** The class whose score is told; null when the answer is a number. */
  readonly class: string | null
  /** Mean of the score over the training rows. */
  readonly base: number
  readonly score: number
  /** True when the answer is calibrated: the score is what it follows from. */
  readonly before_calibration: boolean
  /** Largest first, whichever way. */
  readonly contributions: readonly {
    readonly feature: keyof FeaturesOf<P>
    readonly value: number | boolean | string | null
    readonly contribution: number
  }[]
}

/** What is known about one entity, now or at a time. Any value may be null here, also one that a prediction needs. */
export type FeaturesAnswer<P> = KeyOf<P> & {
  readonly as_of: string
  readonly features: Nullable<FeaturesOf<P>>
  /** Whether each value is there, null, unknown or too old. */
  readonly statuses: { readonly [F in keyof FeaturesOf<P>]: FeatureStatus }
}

export interface Health {
  readonly status: 'ok'
  /** The model that answers; null when there is none yet. */
  readonly champion: { readonly version: number; readonly since: string } | null
  /** What is not as it should be; empty when all is well. */
  readonly degraded: readonly { readonly code: string; readonly text: string; readonly hint: string }[]
}

export interface ServedModel {
  readonly name: string
  readonly version: number
  readonly since: string
  /** sha256 of the artefact. */
  readonly artefact: string
  /** What it answers. */
  readonly target: Target
  /** Class 1 when the probability is above it; null when there are not two classes. */
  readonly threshold: number | null
  readonly features: readonly {
    readonly name: string
    readonly view: string
    readonly type: 'int' | 'float' | 'boolean' | 'category'
    readonly optional: boolean
    readonly categories?: readonly string[]
  }[]
}

export interface ReportEntry {
  /**
   * `monitor`: how inputs and outcomes moved. `validation`: what was found in a delivery. `comparison`: two versions on the
   * same rows. `card`: what is known of a version.
   */
  readonly kind: 'monitor' | 'validation' | 'comparison' | 'card'
  readonly as_of: string
  /** Paths on the same server. */
  readonly html: string
  readonly json: string
}

export interface Client<P> {
  predict(key: KeyOf<P>): Promise<PredictionOf<P>>
  /** `predict`, and what each feature contributed. */
  explain(key: KeyOf<P>): Promise<PredictionOf<P> & { readonly explanation: Explanation<P> }>
  /** `asOf`: as it was known at the end of a date, or at an instant with a zone, as `2024-03-01T12:00:00Z`. */
  features(key: KeyOf<P>, options?: { readonly asOf?: string }): Promise<FeaturesAnswer<P>>
  model(): Promise<ServedModel>
  health(): Promise<Health>
  reports(): Promise<readonly ReportEntry[]>
}

/** A "no" of the server. Match it by `code`. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  /** What to do next. */
  readonly hint: string
  /** Predictions: short names of the features without a value. */
  readonly missingFeatures: readonly string[]

  constructor(status: number, problem: Readonly<Record<string, unknown>>) {
    super(String(problem.detail ?? `the server answered ${status}`))
    this.name = 'ApiError'
    this.status = status
    this.code = String(problem.code ?? 'unexpected_answer')
    this.hint = String(problem.hint ?? '')
    this.missingFeatures = Array.isArray(problem.missing_features) ? problem.missing_features.map(String) : []
  }
}

/**
 * A client of the server at `url` whose types come from the definition:
 *
 * ```ts
 * import type project from './vigie.config.ts'
 * const client = createClient<typeof project>('http://127.0.0.1:8000')
 * const { probability, features_used } = await client.predict({ user_id: '7590-VHVEG' })
 * ```
 *
 * Errors of the API are `ApiError`; a server that cannot be reached is what `fetch` throws. Runs in browsers too.
 */
export function createClient<P>(url: string): Client<P> {
  const base = url.replace(/\/+$/, '')
  const get = <T>(path: string): Promise<T> => answer(fetch(base + path))
  const post = <T>(path: string, body: unknown): Promise<T> =>
    answer(
      fetch(base + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    )
  return {
    predict: (key) => post('/predict', key),
    explain: (key) => post('/predict?explain=true', key),
    features: (key, { asOf } = {}) => {
      const query = asOf === undefined ? '' : `?as_of=${encodeURIComponent(asOf)}`
      return get(`/features/${encodeURIComponent(Object.values<string>(key)[0] ?? '')}${query}`)
    },
    model: () => get('/model'),
    health: () => get('/health'),
    reports: async () => (await get<{ reports: readonly ReportEntry[] }>('/reports')).reports,
  }
}

async function answer<T>(pending: Promise<Response>): Promise<T> {
  const response = await pending
  if (response.ok) return (await response.json()) as T
  const problem = response.headers.get('content-type')?.includes('json') ? await response.json() : {}
  throw new ApiError(response.status, problem as Readonly<Record<string, unknown>>)
}
