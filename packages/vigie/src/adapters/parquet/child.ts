// Runs in a process of its own: a Parquet file is read by a large native library, and some files crash it or take all
// memory. This process has no secrets in its environment, reads one file and writes one.
import { text } from 'node:stream/consumers'
import { writeParquetAsText } from './write-text.ts'

const answer = await writeParquetAsText(JSON.parse(await text(process.stdin)))
process.stdout.write(JSON.stringify(answer))
