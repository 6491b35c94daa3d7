import { HISTOGRAM_KERNEL } from './histogram-kernel-bytes.ts'

/** Memory that the kernel and typed arrays of all threads see. */
export interface KernelMemory {
  /** As long as the memory was when it was asked for. Arrays over it stay when the memory grows. */
  readonly buffer: SharedArrayBuffer
  grow(pages: number): number
}

/** See `packages/vigie/kernel/histogram.ts`. Addresses are bytes of the memory: a typed array's `byteOffset`. */
export interface HistogramKernel {
  addRows(
    codes0: number,
    codes1: number,
    codes2: number,
    codes3: number,
    order: number,
    pairs: number,
    rows: number,
    histogram0: number,
    histogram1: number,
    histogram2: number,
    histogram3: number,
  ): void
  subtract(from: number, less: number, pairs: number): void
  gather(order: number, gradients: number, rows: number, pairs: number): void
  partRows(codes: number, goesLeft: number, order: number, rows: number, parted: number): number
  addStep(order: number, rows: number, step: number, scores: number): void
}

/** What is used of the engine's WebAssembly, for which the language's own types have no words. */
interface Engine {
  readonly Memory: new (pages: { initial: number; maximum: number; shared: true }) => KernelMemory
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: { env: { memory: KernelMemory } }) => { exports: unknown }
}

const PAGE = 65_536
const MAX_PAGES = 65_536

/** Memory of at least so many bytes. Null when it is more than a kernel can address, or than there is room for. */
export function kernelMemory(bytes: number): KernelMemory | null {
  const pages = Math.ceil(bytes / PAGE)
  if (pages > MAX_PAGES) return null
  return orNull(() => new (engine().Memory)({ initial: pages, maximum: MAX_PAGES, shared: true }))
}

/** Makes the memory larger by so many bytes, which begin at what is returned. Null when there is no room for them. */
export function growMemory(memory: KernelMemory, bytes: number): number | null {
  const pages = orNull(() => memory.grow(Math.ceil(bytes / PAGE)))
  return pages === null ? null : pages * PAGE
}

function orNull<T>(make: () => T): T | null {
  try {
    return make()
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** The kernel over a memory, in this thread. */
export function histogramKernel(memory: KernelMemory): HistogramKernel {
  const { Module, Instance } = engine()
  const module = new Module(Buffer.from(HISTOGRAM_KERNEL, 'base64'))
  return new Instance(module, { env: { memory } }).exports as HistogramKernel
}

function engine(): Engine {
  return (globalThis as unknown as { WebAssembly: Engine }).WebAssembly
}
