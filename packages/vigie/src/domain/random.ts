/** Uniform random numbers from a seed: equal seeds give equal numbers on every machine. */
export interface Random {
  /** 0 <= x < 2^32, whole. */
  uint32(): number
  /** 0 <= x < 1, in steps of 2^-32. */
  unit(): number
  /** 0 <= x < n, whole, for n up to 2^31. Uneven by less than n / 2^32. */
  below(n: number): number
}

/**
 * sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, additions and shifts only, passes PractRand.
 * `stream` separates generators of one seed, so that trees, resamples or months can be made in any order.
 * Both are whole numbers from 0 to 2^32 - 1.
 */
export function seededRandom(seed: number, stream = 0): Random {
  let a = 0
  let b = seed | 0
  let c = stream | 0
  let counter = 1

  const next = (): number => {
    const result = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + result) | 0
    return result
  }
  // The author's warm-up: after twelve rounds every bit of the state depends on every bit of the seed.
  for (let round = 0; round < 12; round++) next()

  const unit = (): number => (next() >>> 0) / 0x1_0000_0000
  return {
    uint32: () => next() >>> 0,
    unit,
    below: (n) => Math.floor(unit() * n),
  }
}
