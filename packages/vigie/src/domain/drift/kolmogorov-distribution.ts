import { durbinCdf } from './durbin-matrix.ts'
import { pelzGoodCdf } from './pelz-good.ts'

/**
 * P(D_n >= x): survival function of the two-sided one-sample Kolmogorov-Smirnov statistic of `n` rows.
 *
 * The choice of formula by n and x follows Simard and L'Ecuyer (2011), as scipy's `kstwo.sf` does: exact wherever
 * that is affordable, about 1e-7 elsewhere.
 */
export function kolmogorovSurvival(n: number, x: number): number {
  const steps = n * x
  if (steps <= 0.5) return 1
  if (x >= 1) return 0
  if (steps <= 1) return 1 - lowestSteps(n, steps)
  if (steps >= n - 1) return clip(2 * (1 - x) ** n)
  if (x >= 0.5) return clip(2 * smirnovSurvival(n, x))
  const square = steps * x
  if (square >= 370) return 0
  if (square > (n <= 140 ? 4 : 2.2)) return clip(2 * smirnovSurvival(n, x))
  const affordable = n <= 140 || (n <= 100_000 && n * x ** 1.5 <= 1.4)
  return clip(1 - (affordable ? durbinCdf(n, x) : pelzGoodCdf(n, x)))
}

/** P(D_n <= x) for 1/2 < n x <= 1: n! ((2 n x - 1) / n)^n (Ruben and Gambino 1982). */
function lowestSteps(n: number, steps: number): number {
  let product = 1
  for (let i = 1; i <= n; i++) product *= (i / n) * (2 * steps - 1)
  return product
}

/**
 * P(D_n^+ >= x) of the one-sided statistic (Birnbaum and Tingey 1951): the sum over j of x / p_j times the binomial
 * probability of j successes in n trials with p_j = x + j / n. All terms are positive.
 */
function smirnovSurvival(n: number, x: number): number {
  const last = Math.floor(n * (1 - x))
  let sum = 0
  for (let j = 0; j <= last; j++) {
    const p = x + j / n
    // At the last j rounding can carry p past 1, where the term is 0.
    if (p < 1) sum += (x / p) * binomialProbability(j, n, p)
  }
  return sum
}

/** Binomial probability by Loader's saddle-point expansion (2000), which keeps its digits for large n. */
function binomialProbability(k: number, n: number, p: number): number {
  if (k === 0) return Math.exp(n * Math.log1p(-p))
  if (k === n) return p ** n
  const logarithm =
    stirlingError(n) - stirlingError(k) - stirlingError(n - k) - deviance(k, n * p) - deviance(n - k, n * (1 - p))
  return Math.exp(logarithm) * Math.sqrt(n / (2 * Math.PI * k * (n - k)))
}

/** k ln(k / m) + m - k, by its series when k is near m. */
function deviance(k: number, m: number): number {
  const difference = k - m
  if (Math.abs(difference) >= 0.1 * (k + m)) return k * Math.log(k / m) - difference
  const v = difference / (k + m)
  let term = 2 * k * v
  let sum = difference * v
  for (let odd = 3; ; odd += 2) {
    term *= v * v
    const next = sum + term / odd
    if (next === sum) return sum
    sum = next
  }
}

/** ln n! minus Stirling's approximation of it. */
function stirlingError(n: number): number {
  if (n <= 15) {
    let factorial = 1
    for (let i = 2; i <= n; i++) factorial *= i
    return Math.log(factorial) - (n + 0.5) * Math.log(n) + n - 0.5 * Math.log(2 * Math.PI)
  }
  const s = n * n
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / s) / s) / s) / s) / n
}

function clip(probability: number): number {
  return Math.min(1, Math.max(0, probability))
}
