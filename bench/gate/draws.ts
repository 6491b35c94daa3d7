import type { Random } from '../../packages/vigie/src/domain/random.ts'

/** Draws from the laws that the simulated worlds are made of. */
export interface Draws extends Random {
  normal(): number
  /** Shape `k` above 0, scale 1. */
  gamma(k: number): number
  beta(a: number, b: number): number
  /** Student's t with 3 degrees of freedom, scaled to variance 1. */
  t3(): number
}

export function draws(random: Random): Draws {
  let spare: number | null = null
  // Marsaglia's polar method: two normals from each accepted pair.
  const normal = (): number => {
    if (spare !== null) {
      const value = spare
      spare = null
      return value
    }
    for (;;) {
      const u = 2 * random.unit() - 1
      const v = 2 * random.unit() - 1
      const s = u * u + v * v
      if (s >= 1 || s === 0) continue
      const factor = Math.sqrt((-2 * Math.log(s)) / s)
      spare = v * factor
      return u * factor
    }
  }
  // Marsaglia and Tsang 2000, ACM TOMS 26:363; shapes below 1 by the power of a uniform.
  const gamma = (k: number): number => {
    if (k < 1) return gamma(k + 1) * (1 - random.unit()) ** (1 / k)
    const d = k - 1 / 3
    const c = 1 / Math.sqrt(9 * d)
    for (;;) {
      const x = normal()
      const v = (1 + c * x) ** 3
      if (v <= 0) continue
      if (Math.log(1 - random.unit()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
    }
  }
  return {
    ...random,
    normal,
    gamma,
    beta: (a, b) => {
      const x = gamma(a)
      return x / (x + gamma(b))
    },
    t3: () => normal() / Math.sqrt((normal() ** 2 + normal() ** 2 + normal() ** 2) / 3) / Math.sqrt(3),
  }
}
