// Runs in a process of its own: a Parquet file is read by a large native library, and some files crash it or take all
// memory. This process has no secrets in its environment, reads one file and writes one.
import { createInterface } from 'node:readline'
import type { ParquetRequest } from './request.ts'
import { writeParquetAsText } from './write-text.ts'

createInterface({ input: process.stdin })
  .once('line', async (line) => {
    const answer = await writeParquetAsText(JSON.parse(line) as ParquetRequest)
    process.stdout.write(JSON.stringify(answer), () => process.exit(0))
  })
  // Whoever asked is gone, and nobody waits for the answer.
  .once('close', () => process.exit(1))
