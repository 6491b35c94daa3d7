import { createReadStream } from 'node:fs'
import path from 'node:path'
import type { AsOf } from '../../../domain/as-of.ts'
import type { SourceContract } from '../../../domain/contract.ts'
import type { CsvSummary } from '../../../domain/csv/csv-check.ts'
import { contractOfText, type DeliveredFormat } from '../../../domain/delivery/formats.ts'
import type { VigieError } from '../../../errors.ts'
import { PARQUET_LIMITS, parquetToText } from '../../parquet/read-parquet.ts'
import type { DeliveredFile } from '../delivered-file.ts'
import { writeNewWith } from '../durable-files.ts'
import { HEAD, refuseMismatch } from './content.ts'
import { type Copied, copyDelivered, refusalOf } from './copy-delivered.ts'
import { Gunzip } from './gunzip.ts'
import { TextCheck } from './text-check.ts'

interface Reading {
  readonly file: string
  readonly format: DeliveredFormat
  /** Where the bytes go as they came, and the text that is made of them: the same for CSV. */
  readonly copies: { readonly original: string; readonly text: string }
  readonly contract: SourceContract
  readonly asOf: AsOf | undefined
  readonly maxBytes: number
}

export interface ReadResult {
  readonly copied: Copied
  /** Null when the file is refused. */
  readonly summary: CsvSummary | null
}

/** Copies a delivered file, makes text of it, and checks the text. */
export function readText(delivered: DeliveredFile, reading: Reading): Promise<ReadResult> {
  switch (reading.format) {
    case 'csv':
      return readCsv(delivered, reading)
    case 'csv.gz':
      return readGzip(delivered, reading)
    case 'parquet':
      return readParquet(delivered, reading)
  }
}

async function readCsv(delivered: DeliveredFile, reading: Reading): Promise<ReadResult> {
  const check = textCheck(reading, reading.contract)
  const copied = await copyDelivered(delivered, reading.file, reading.copies.original, check)
  return found(copied, check)
}

async function readGzip(delivered: DeliveredFile, reading: Reading): Promise<ReadResult> {
  const { file, copies, maxBytes } = reading
  const name = path.basename(file)
  const check = textCheck(reading, reading.contract)
  return writeNewWith(
    copies.text,
    async (text) => {
      // What is wrong with the text counts only when these are the bytes that were packed, which their end tells.
      let refusal: VigieError | null = null
      const gunzip = new Gunzip(name, { size: delivered.size, maxBytes }, async (piece) => {
        if (refusal) return
        refusal = await refusalOf(() => check.push(piece))
        await text.writeFile(piece)
      })
      let begun = false
      try {
        const copied = await copyDelivered(delivered, file, copies.original, {
          push(chunk) {
            if (!begun) refuseMismatch(chunk.subarray(0, HEAD), 'csv.gz', name)
            begun = true
            return gunzip.push(chunk)
          },
          async end() {
            await gunzip.end()
            if (refusal) throw refusal
            check.end()
          },
        })
        return found(copied, check)
      } finally {
        gunzip.close()
      }
    },
    { lasting: false },
  )
}

async function readParquet(delivered: DeliveredFile, reading: Reading): Promise<ReadResult> {
  const { file, format, copies, contract, maxBytes } = reading
  const name = path.basename(file)
  let begun = false
  const copied = await copyDelivered(delivered, file, copies.original, {
    push(chunk) {
      if (!begun) refuseMismatch(chunk.subarray(0, HEAD), 'parquet', name)
      begun = true
    },
    end: () => undefined,
  })
  if (copied.refusal) return { copied, summary: null }
  const { sha256 } = copied
  const check = textCheck(reading, contractOfText(contract, { format, sha256 }))
  const refusal = await refusalOf(async () => {
    const limits = { ...PARQUET_LIMITS, textBytes: maxBytes }
    await parquetToText({ file: copies.original, sha256, name, contract }, copies.text, limits)
    const text = createReadStream(copies.text, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>
    for await (const chunk of text) check.push(chunk)
    check.end()
  })
  return found({ ...copied, refusal }, check)
}

function textCheck({ file, asOf, maxBytes }: Reading, contract: SourceContract): TextCheck {
  return new TextCheck(path.basename(file), contract, { asOf, maxBytes })
}

function found(copied: Copied, check: TextCheck): ReadResult {
  return { copied, summary: copied.refusal ? null : check.summary }
}
