const PI2 = Math.PI ** 2
const PI4 = Math.PI ** 4
const PI6 = Math.PI ** 6
const SQRT_2PI = Math.sqrt(2 * Math.PI)

/**
 * P(D_n <= x) for large n by the asymptotic series of Pelz and Good (1976):
 * K0(z) + K1(z) / sqrt(n) + K2(z) / n + K3(z) / n^1.5 with z = x sqrt(n), each K by theta functions that converge fast
 * for small z. K0 alone is Kolmogorov's limit.
 */
export function pelzGoodCdf(n: number, x: number): number {
  const z = Math.sqrt(n) * x
  const z2 = z ** 2
  const z4 = z ** 4
  const z6 = z ** 6
  const terms = Math.ceil((16 * z) / Math.PI)

  let k0 = 0
  let k1 = 0
  let k2 = 0
  let k3 = 0
  for (let k = 1; k <= terms; k++) {
    const odd2 = (2 * k - 1) ** 2
    const odd4 = odd2 ** 2
    const odd6 = odd2 ** 3
    const weight = Math.exp((-PI2 * odd2) / (8 * z2))
    k0 += weight
    k1 += weight * ((PI2 / 4) * odd2 - z2)
    k2 += weight * (6 * z6 + 2 * z4 + ((2 * z4 - 5 * z2) * PI2 * odd2) / 4 + (PI4 * (1 - 2 * z2) * odd4) / 16)
    k3 +=
      weight *
      (-30 * z6 -
        90 * z ** 8 +
        (PI2 * (135 * z4 - 96 * z6) * odd2) / 4 +
        (PI4 * (212 * z4 - 60 * z2) * odd4) / 16 +
        (PI6 * (5 - 30 * z2) * odd6) / 64)
  }

  let even2 = 0
  let even3 = 0
  for (let k = 1; k <= terms; k++) {
    const weight = k ** 2 * Math.exp((-PI2 * k ** 2) / (2 * z2))
    even2 += weight
    even3 += weight * (3 * z2 - PI2 * k ** 2)
  }

  const first = k0 / z
  const second = k1 / (6 * z4)
  const third = k2 / (72 * z ** 7) - (even2 * PI2) / (36 * z ** 3)
  const fourth = k3 / (6480 * z ** 10) + (even3 * PI2) / (216 * z6)
  return SQRT_2PI * (first + second / Math.sqrt(n) + third / n + fourth / n ** 1.5)
}
