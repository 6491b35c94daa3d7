// Writes the compiled histogram kernel, which the package carries so that nobody needs its compiler; with --check it
// only says whether the bytes are what the compiler makes of the source. The compiler takes 100 MB, so it is no
// dependency of the repository: it is installed beside its caches when it is first asked for.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const COMPILER = 'assemblyscript@0.28.20'
const cache = new URL(`../node_modules/.cache/${COMPILER}/`, import.meta.url)
const compiler = new URL('node_modules/assemblyscript/dist/asc.js', cache)
if (!existsSync(compiler)) {
  mkdirSync(cache, { recursive: true })
  const flags = ['--prefix', fileURLToPath(cache), '--no-save', '--ignore-scripts', '--no-audit', '--no-fund']
  execFileSync('npm', ['install', ...flags, '--loglevel=error', COMPILER], {
    shell: process.platform === 'win32',
    stdio: ['ignore', 2, 2],
  })
}
const { default: asc } = await import(compiler.href)

const source = readFileSync(new URL('../packages/vigie/kernel/histogram.ts', import.meta.url), 'utf8')
const target = new URL('../packages/vigie/src/domain/trees/histogram-kernel-bytes.ts', import.meta.url)
const options =
  '-O3 --runtime stub --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536 --enable simd,threads'

let bytes = new Uint8Array()
const { error, stderr } = await asc.main(['histogram.ts', ...options.split(' '), '--outFile', 'histogram.wasm'], {
  readFile: (name) => (name === 'histogram.ts' ? source : null),
  writeFile: (_, contents) => {
    bytes = contents
  },
  listFiles: () => [],
})
if (error) throw new Error(`the kernel does not compile: ${stderr}`, { cause: error })

const text = `/** \`kernel/histogram.ts\` as WebAssembly in base64; \`node scripts/run.mjs scripts/histogram-kernel.mjs\` writes it. */
export const HISTOGRAM_KERNEL =
  '${Buffer.from(bytes).toString('base64')}'
`
if (process.argv.includes('--check')) {
  const current = readFileSync(target, 'utf8') === text
  if (!current) console.error('the kernel is old: run node scripts/run.mjs scripts/histogram-kernel.mjs')
  process.exitCode = current ? 0 : 1
} else writeFileSync(target, text)
