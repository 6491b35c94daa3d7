// 2^128: intermediate results are kept within reach of float64 by powers of it, which change no digit.
const SCALE = 2 ** 128
const SCALE_BITS = 128

/**
 * P(D_n <= x), exact, by Durbin's matrix in the form of Marsaglia, Tsang and Wang (2003): with n x = k - h, an entry of
 * the n-th power of a (2k-1) x (2k-1) matrix, times n! / n^n. Time k^3 log n.
 */
export function durbinCdf(n: number, x: number): number {
  const k = Math.ceil(n * x)
  const size = 2 * k - 1
  const center = (k - 1) * size + (k - 1)
  let base = durbinMatrix(k, k - n * x)
  let baseBits = 0
  let power = identity(size)
  let bits = 0
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) {
      power = multiply(power, base, size)
      bits += baseBits
    }
    base = multiply(base, base, size)
    baseBits *= 2
    if (base[center]! > SCALE) {
      base = base.map((entry) => entry / SCALE)
      baseBits += SCALE_BITS
    }
  }
  let probability = power[center]!
  for (let i = 1; i <= n; i++) {
    probability *= i / n
    if (probability < 1 / SCALE) {
      probability *= SCALE
      bits -= SCALE_BITS
    }
  }
  return probability * 2 ** bits
}

function durbinMatrix(k: number, h: number): Float64Array {
  const size = 2 * k - 1
  const inverseFactorial = new Float64Array(size + 1).fill(1)
  for (let i = 1; i <= size; i++) inverseFactorial[i] = inverseFactorial[i - 1]! / i
  const matrix = new Float64Array(size * size)
  for (let row = 0; row < size; row++) {
    for (let column = 1; column < size && column <= row + 1; column++) {
      matrix[row * size + column] = inverseFactorial[row - column + 1]!
    }
  }
  const corner = (1 - 2 * h ** size + Math.max(2 * h - 1, 0) ** size) * inverseFactorial[size]!
  for (let i = 0; i < size; i++) {
    const entry = i === size - 1 ? corner : (1 - h ** (i + 1)) * inverseFactorial[i + 1]!
    matrix[i * size] = entry
    matrix[(size - 1) * size + (size - 1 - i)] = entry
  }
  return matrix
}

function identity(size: number): Float64Array {
  const matrix = new Float64Array(size * size)
  for (let i = 0; i < size; i++) matrix[i * size + i] = 1
  return matrix
}

function multiply(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const product = new Float64Array(size * size)
  for (let row = 0; row < size; row++) {
    for (let inner = 0; inner < size; inner++) {
      const factor = a[row * size + inner]!
      if (factor === 0) continue
      for (let column = 0; column < size; column++) {
        product[row * size + column]! += factor * b[inner * size + column]!
      }
    }
  }
  return product
}
