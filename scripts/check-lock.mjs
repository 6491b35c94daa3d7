import fs from 'node:fs'

// npm leaves a platform package out of the lock without a word when that version is not published
const lock = JSON.parse(fs.readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')).packages
const missing = []
for (const [at, p] of Object.entries(lock))
  for (const d of Object.keys(p.optionalDependencies ?? {}))
    if (!lock[`node_modules/${d}`] && !lock[`${at}/node_modules/${d}`])
      missing.push(`${at || 'root'} -> ${d}@${p.optionalDependencies[d]}`)
console.log(missing.length ? `missing in the lock:\n  ${missing.join('\n  ')}` : 'lock has every platform package')
process.exitCode = missing.length ? 1 : 0
