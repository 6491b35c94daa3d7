// Writes docs/errors.md from the catalogue of errors; with --check it only says whether the page is current.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { exitStatus } from '../packages/vigie/src/cli/output.ts'
import { catalogue, type ErrorCode, VigieError } from '../packages/vigie/src/errors.ts'
import { statusOf } from '../packages/vigie/src/http/errors.ts'

const page = new URL('../docs/errors.md', import.meta.url)
const codes = Object.keys(catalogue).sort() as ErrorCode[]

const rows = codes.map((code) => {
  const { kind, who, hint } = catalogue[code]
  const error = new VigieError(code, '')
  return `| \`${code}\` | ${kind} | ${exitStatus(error)} | ${statusOf(code)} | ${who} | ${hint.replaceAll('|', '\\|')} |`
})
const text = `# Errors

Every error carries one of these codes, the broken rule, the value that broke it, where it was found, and the next action.
Programs match the code: texts may change. The command line prints it and exits with the status of the third column; the
API answers \`application/problem+json\` with \`code\` and \`hint\`.

| code | kind | exit | HTTP | who must act | next action, unless the occurrence knows better |
|---|---|---|---|---|---|
${rows.join('\n')}
`

const current = existsSync(page) && readFileSync(page, 'utf8') === text
if (process.argv.includes('--check')) {
  if (!current) console.error('docs/errors.md is old: run node scripts/run.mjs scripts/error-page.ts')
  process.exitCode = current ? 0 : 1
} else writeFileSync(page, text)
