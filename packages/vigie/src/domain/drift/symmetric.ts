/**
 * Eigenvalues and eigenvectors (in columns) of a small symmetric matrix by Jacobi's rotations, which keep the small
 * eigenvalues exact.
 */
export function eigenSymmetric(matrix: readonly (readonly number[])[]): {
  readonly values: readonly number[]
  readonly vectors: readonly (readonly number[])[]
} {
  const n = matrix.length
  const a = matrix.map((row) => [...row])
  const v = a.map((_, i) => Array.from({ length: n }, (_, j) => Number(i === j)))
  for (let sweep = 0; sweep < 60; sweep++) {
    let rotated = false
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) {
        const off = a[p]![q]!
        if (Math.abs(off) <= Number.MIN_VALUE + 1e-18 * Math.sqrt(Math.abs(a[p]![p]! * a[q]![q]!))) continue
        rotated = true
        rotate(a, v, p, q)
      }
    }
    if (!rotated) break
  }
  return { values: a.map((row, i) => row[i]!), vectors: v }
}

function rotate(a: number[][], v: number[][], p: number, q: number): void {
  const theta = (a[q]![q]! - a[p]![p]!) / (2 * a[p]![q]!)
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1))
  const c = 1 / Math.hypot(t, 1)
  const s = t * c
  for (let k = 0; k < a.length; k++) {
    const [kp, kq] = [a[k]![p]!, a[k]![q]!]
    a[k]![p] = c * kp - s * kq
    a[k]![q] = s * kp + c * kq
  }
  for (let k = 0; k < a.length; k++) {
    const [pk, qk] = [a[p]![k]!, a[q]![k]!]
    a[p]![k] = c * pk - s * qk
    a[q]![k] = s * pk + c * qk
    const [vp, vq] = [v[k]![p]!, v[k]![q]!]
    v[k]![p] = c * vp - s * vq
    v[k]![q] = s * vp + c * vq
  }
}
