// A program that starts or adopts the Postgres of a state folder, says which, and waits until it is killed.
import { type PostgresOptions, startPostgres } from '../../src/adapters/postgres/embedded/index.ts'

const options = JSON.parse(process.argv[2] ?? '') as PostgresOptions
const { pid, adopted } = await startPostgres(options)
process.stdout.write(`${JSON.stringify({ pid, adopted })}\n`)
setInterval(() => undefined, 60_000)
