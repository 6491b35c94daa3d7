// npm leaves a platform's package out of the lock without a word when that version is not published for it.
import fs from 'node:fs'

const lock = JSON.parse(fs.readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')).packages
const missing = []
for (const [place, entry] of Object.entries(lock)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (!lock[`node_modules/${name}`] && !lock[`${place}/node_modules/${name}`]) {
      missing.push(`${place || 'root'} -> ${name}@${version}`)
    }
  }
}
console.log(missing.length > 0 ? `missing in the lock:\n  ${missing.join('\n  ')}` : 'the lock has every platform')
process.exitCode = missing.length > 0 ? 1 : 0
