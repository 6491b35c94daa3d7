import { normalQuantile, twoSidedP } from '../../packages/vigie/src/domain/distributions/normal.ts'
import { oneRowEach } from '../../packages/vigie/src/domain/entities.ts'
import type { Draws } from './draws.ts'

/** Rows with what decides their scores. */
export interface Rows {
  readonly y: Float64Array
  readonly entities: Int32Array
}

/**
 * A law of data and models. A `model` is whatever scores rows again the same way; `quality` orders models by their true
 * ranking, and in a world of equal models it is the same for all.
 */
export interface World<R extends Rows = Rows, M = unknown> {
  readonly name: string
  /** Rows that stay the same all year, or new ones at each look. */
  readonly fresh: boolean
  rows(draws: Draws): R
  model(draws: Draws): M
  scores(model: M, rows: R, draws: Draws): Float64Array
  quality(model: M): number
}

/** Distance of the class means in units of their standard deviation, for an AUC of two normal laws. */
const separation = (auc: number) => Math.SQRT2 * normalQuantile(auc)

/** Rows of two classes, and what all models see of each. */
interface Shared extends Rows {
  readonly common: Float64Array
}

interface Blur {
  readonly gain: number
}

/**
 * Binormal scores: within a class the scores of two models correlate by `rho`. `gain` of a model moves its class means
 * apart, for planted improvements.
 */
export function binormal(options: {
  readonly n: number
  readonly auc: number
  readonly rho: number
  readonly base?: number
  readonly fresh?: boolean
  /** Scores are cut to this number of distinct values. */
  readonly levels?: number
  /** The noise of positives is Student's t with 3 degrees of freedom and this much wider. */
  readonly heavy?: number
}): World<Shared, Blur> {
  const { n, auc, rho, base = 0.245, fresh = false, levels, heavy } = options
  const noise = (draws: Draws, label: number) =>
    heavy === undefined || label === 0 ? draws.normal() : heavy * draws.t3()
  const name = [
    `binormal, n ${n}, AUC ${auc}, rho ${rho}`,
    base === 0.245 ? '' : `, base rate ${base}`,
    levels ? `, ${levels} levels` : '',
    heavy ? ', heavy tails' : '',
    fresh ? ', new rows each week' : '',
  ].join('')
  return {
    name,
    fresh,
    rows: (draws) => {
      const y = Float64Array.from({ length: n }, () => (draws.unit() < base ? 1 : 0))
      return { y, entities: oneRowEach(n), common: y.map((label) => noise(draws, label)) }
    },
    model: () => ({ gain: 0 }),
    scores: ({ gain }, { y, common }, draws) => {
      const shift = separation(auc + gain)
      const kept = Math.sqrt(rho)
      const own = Math.sqrt(1 - rho)
      const scores = new Float64Array(n)
      for (let i = 0; i < n; i++) {
        const score = y[i]! * shift + kept * common[i]! + own * noise(draws, y[i]!)
        scores[i] = levels === undefined ? score : Math.floor(levels * normalCdf((score - shift / 2) / 1.2))
      }
      return scores
    },
    quality: ({ gain }) => gain,
  }
}

/**
 * Probabilities: each row has a true one, Beta(1.5, 4.5), and a model sees its log-odds through noise that is wider
 * where the probability is high. Half of the noise's variance is common to all models.
 */
export function betaProbabilities(n: number): World<Shared & { readonly p: Float64Array }, Blur> {
  return {
    name: `beta probabilities, heteroscedastic noise, n ${n}`,
    fresh: false,
    rows: (draws) => {
      const p = Float64Array.from({ length: n }, () => Math.min(1 - 1e-9, Math.max(1e-9, draws.beta(1.5, 4.5))))
      return {
        p,
        y: p.map((chance) => (draws.unit() < chance ? 1 : 0)),
        entities: oneRowEach(n),
        common: p.map(() => draws.normal()),
      }
    },
    model: () => ({ gain: 0 }),
    scores: (_model, { p, common }, draws) =>
      p.map((chance, i) => {
        const width = (0.4 + 1.2 * chance) * Math.SQRT1_2
        const logOdds = Math.log(chance / (1 - chance)) + width * (common[i]! + draws.normal())
        return 1 / (1 + Math.exp(-logOdds))
      }),
    quality: () => 0,
  }
}

/** Entities with several rows each: labels and what a model errs by hang together within an entity. */
export function clusteredEntities(entities: number, rowsEach: number): World<Shared, { readonly seed: number }> {
  const n = entities * rowsEach
  const of = Int32Array.from({ length: n }, (_, i) => Math.floor(i / rowsEach))
  const within = 0.9
  return {
    name: `${entities} entities of ${rowsEach} rows, errors correlate by ${within} within one`,
    fresh: false,
    rows: (draws) => {
      const leaning = Float64Array.from({ length: entities }, () => draws.normal())
      const cut = normalQuantile(0.25)
      const y = Float64Array.from({ length: n }, (_, i) =>
        Math.SQRT1_2 * leaning[of[i]!]! + Math.SQRT1_2 * draws.normal() < cut ? 1 : 0,
      )
      return { y, entities: of, common: y.map(() => draws.normal()) }
    },
    model: () => ({ seed: 0 }),
    scores: (_model, { y, common }, draws) => {
      const ofEntity = Float64Array.from({ length: entities }, () => draws.normal())
      return y.map((label, i) => {
        const own = Math.sqrt(within) * ofEntity[of[i]!]! + Math.sqrt(1 - within) * draws.normal()
        return label * separation(0.75) + Math.sqrt(0.8) * common[i]! + Math.sqrt(0.2) * own
      })
    },
    quality: () => 0,
  }
}

interface Features extends Rows {
  /** Row-major. */
  readonly x: Float64Array
}

const FEATURES = 8

/**
 * Models that are really trained: linear discriminants, each fitted to a sample of its own of the same law. Some are by
 * luck a little better than others; their true AUC is known, so a promotion is wrong exactly when it is not higher.
 */
export function trainedModels(n: number, trainingRows: number): World<Features, Float64Array> {
  // Differences of the class means by feature: few tell much, the last nothing.
  const means = Float64Array.from({ length: FEATURES }, (_, j) => (j === FEATURES - 1 ? 0 : 0.6 / (1 + j)))
  const sample = (draws: Draws, rows: number) => {
    const y = Float64Array.from({ length: rows }, () => (draws.unit() < 0.25 ? 1 : 0))
    const x = new Float64Array(rows * FEATURES)
    for (let k = 0; k < x.length; k++) x[k] = draws.normal() + y[Math.floor(k / FEATURES)]! * means[k % FEATURES]!
    return { y, x }
  }
  return {
    name: `linear models, each trained on ${trainingRows} rows of its own, n ${n}`,
    fresh: false,
    rows: (draws) => ({ ...sample(draws, n), entities: oneRowEach(n) }),
    model: (draws) => discriminant(sample(draws, trainingRows)),
    scores: (weights, { y, x }) =>
      y.map((_, i) => {
        let sum = 0
        for (let j = 0; j < FEATURES; j++) sum += weights[j]! * x[i * FEATURES + j]!
        return sum
      }),
    quality: (weights) => {
      let along = 0
      let squares = 0
      for (let j = 0; j < FEATURES; j++) {
        along += weights[j]! * means[j]!
        squares += weights[j]! ** 2
      }
      return normalCdf(along / Math.sqrt(2 * squares))
    },
  }
}

/** Fisher's discriminant: `(S + I / 10)^-1 (m1 - m0)`. */
function discriminant({ y, x }: { readonly y: Float64Array; readonly x: Float64Array }): Float64Array {
  const counts = [0, 0]
  const sums = [new Float64Array(FEATURES), new Float64Array(FEATURES)]
  for (let i = 0; i < y.length; i++) {
    counts[y[i]!]!++
    for (let j = 0; j < FEATURES; j++) sums[y[i]!]![j]! += x[i * FEATURES + j]!
  }
  const mean = sums.map((sum, label) => sum.map((value) => value / counts[label]!))
  const a = Array.from({ length: FEATURES }, (_, j) =>
    Float64Array.from({ length: FEATURES + 1 }, (_, k) => (j === k ? 0.1 : 0)),
  )
  for (let i = 0; i < y.length; i++) {
    const of = mean[y[i]!]!
    for (let j = 0; j < FEATURES; j++) {
      const dj = x[i * FEATURES + j]! - of[j]!
      for (let k = 0; k < FEATURES; k++) a[j]![k]! += (dj * (x[i * FEATURES + k]! - of[k]!)) / (y.length - 2)
    }
  }
  for (let j = 0; j < FEATURES; j++) a[j]![FEATURES] = mean[1]![j]! - mean[0]![j]!
  // Gauss and Jordan; the matrix is positive definite, so no pivot is 0.
  for (let j = 0; j < FEATURES; j++) {
    const pivot = a[j]![j]!
    for (let k = j; k <= FEATURES; k++) a[j]![k]! /= pivot
    for (let other = 0; other < FEATURES; other++) {
      if (other === j) continue
      const factor = a[other]![j]!
      for (let k = j; k <= FEATURES; k++) a[other]![k]! -= factor * a[j]![k]!
    }
  }
  return Float64Array.from(a, (row) => row[FEATURES]!)
}

function normalCdf(z: number): number {
  return z < 0 ? twoSidedP(z) / 2 : 1 - twoSidedP(z) / 2
}
