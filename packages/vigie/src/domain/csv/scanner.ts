import type { VigieError } from '../../errors.ts'
import { byteOrderMark, refuseUtf16 } from './encoding.ts'
import { excerpt } from './excerpt.ts'
import {
  afterQuote,
  blankRow,
  FIELD_BYTES,
  loneCarriageReturn,
  type Malformed,
  notUtf8,
  nulByte,
  otherNewline,
  strayQuote,
  tooLong,
  unclosedQuote,
} from './malformed.ts'
import { refusal } from './refusal.ts'
import { CUT_OFF, sequenceLength } from './utf8.ts'

/** What the scanner hands over, in the order of the file. */
export interface RowSink {
  /**
   * Field `index` of the current row, without its quotes: `bytes[start, end)`, valid UTF-8, only until the call
   * returns. `line` is where it begins.
   */
  field(index: number, bytes: Uint8Array, start: number, end: number, line: number): void
  /**
   * The row that began on `line` is complete and has so many fields. It is `[start, end)` of the bytes that were pushed,
   * its newline included.
   */
  row(fields: number, line: number, start: number, end: number): void
  /** Name of a column, if it is known. */
  columnName(index: number): string | undefined
}

const LF = 10
const CR = 13
const QUOTE = 34
const COMMA = 44
const BLANKS = new Set([9, 32])

/** 0 for bytes that need no look; NUL is never one of them, so it ends every scan at the end of the buffer. */
function stopsAt(...bytes: readonly number[]): Uint8Array {
  const stops = new Uint8Array(256).fill(1, 128)
  for (const byte of [0, ...bytes]) stops[byte] = 1
  return stops
}
const STOPS = stopsAt(LF, CR, QUOTE, COMMA)
const STOPS_IN_QUOTES = stopsAt(LF, QUOTE)

/**
 * Reads a CSV file (RFC 4180: commas, quotes doubled inside quotes, LF or CRLF throughout) from chunks of bytes and
 * refuses what is not one: bytes that are no UTF-8, NUL, mixed newlines, blank rows, stray or unclosed quotes, endless
 * fields. Nothing is guessed. Keeps one chunk and one field in memory.
 *
 * A field that a chunk cuts is read again from its start when the next one comes, so give chunks larger than a field.
 */
export class CsvScanner {
  readonly #file: string
  readonly #sink: RowSink
  /** Bytes not handed over yet, then one NUL. */
  #buffer = new Uint8Array(0)
  #length = 0
  /** Position in the file of the first byte of the buffer. */
  #offset = 0
  #begun = false
  #bom = false
  #line = 1
  #rowLine = 1
  #rowStart = 0
  /** Fields of the current row that were handed over. */
  #fields = 0
  #newline: 'LF' | 'CRLF' | null = null
  #blankLine: number | null = null
  readonly #unescaped = new Uint8Array(FIELD_BYTES)

  constructor(file: string, sink: RowSink) {
    this.#file = file
    this.#sink = sink
  }

  /** True when the file began with a byte-order mark. */
  get bom(): boolean {
    return this.#bom
  }

  push(chunk: Uint8Array): void {
    this.#append(chunk)
    this.#scan(false)
  }

  /** The file ends here. */
  end(): void {
    this.#append(new Uint8Array(0))
    this.#scan(true)
  }

  #append(chunk: Uint8Array): void {
    const length = this.#length + chunk.length
    if (this.#buffer.length <= length) {
      const larger = new Uint8Array(length + 1)
      larger.set(this.#buffer.subarray(0, this.#length))
      this.#buffer = larger
    }
    this.#buffer.set(chunk, this.#length)
    this.#buffer[length] = 0
    this.#length = length
  }

  #scan(final: boolean): void {
    let at = 0
    if (!this.#begun) {
      if (this.#length < 4 && !final) return
      this.#begun = true
      refuseUtf16(this.#file, this.#buffer.subarray(0, Math.min(4, this.#length)))
      at = byteOrderMark(this.#buffer)
      this.#bom = at > 0
    }
    for (;;) {
      at = this.#plainFields(at)
      const next = this.#field(at, final)
      if (next === at) break
      at = next
    }
    this.#buffer.copyWithin(0, at, this.#length)
    this.#length -= at
    this.#offset += at
  }

  /**
   * Hands over fields as long as they are of the common kind: ASCII without quotes, with a comma or LF behind them.
   * Returns where the first of another kind begins. All of it could go through `#field`, at two thirds of the speed.
   */
  #plainFields(at: number): number {
    const bytes = this.#buffer
    const sink = this.#sink
    if (this.#blankLine !== null) return at
    for (;;) {
      let end = at
      while (STOPS[bytes[end]!] === 0) end++
      const stop = bytes[end]!
      if (end - at > FIELD_BYTES) return at
      if (stop === COMMA) {
        if (this.#fields === 0) this.#beginRow(at)
        sink.field(this.#fields, bytes, at, end, this.#line)
        this.#fields++
      } else if (stop === LF && this.#newline === 'LF' && this.#fields > 0) {
        sink.field(this.#fields, bytes, at, end, this.#line)
        sink.row(this.#fields + 1, this.#rowLine, this.#rowStart, this.#offset + end + 1)
        this.#fields = 0
        this.#line++
      } else return at
      at = end + 1
    }
  }

  /**
   * Hands over the field that begins at `at`, and the row that it ends. Returns where the next begins, or `at` when the
   * bytes do not reach.
   */
  #field(at: number, final: boolean): number {
    // After the last comma of the file there is one more field, and it is empty.
    if (at === this.#length && !(final && this.#fields > 0)) return at
    return this.#buffer[at] === QUOTE ? this.#quoted(at, final) : this.#unquoted(at, final)
  }

  #unquoted(at: number, final: boolean): number {
    const bytes = this.#buffer
    const length = this.#length
    let end = at
    for (;;) {
      while (STOPS[bytes[end]!] === 0) end++
      if (end - at > FIELD_BYTES) throw this.#refused(tooLong(excerpt(bytes, at, end), this.#line))
      const stop = bytes[end]!
      if (stop === COMMA || stop === LF || stop === CR || end === length) break
      if (stop === QUOTE) {
        throw this.#refused(strayQuote(excerpt(bytes, at, Math.min(length, end + 20)), this.#line))
      }
      const sequence = this.#character(at, end, this.#line, final)
      if (sequence === CUT_OFF) return at
      end += sequence
    }
    if (end === length && !final) return at
    return this.#finish(at, bytes, at, end, end, 0, final)
  }

  #quoted(at: number, final: boolean): number {
    const bytes = this.#buffer
    const length = this.#length
    let end = at + 1
    let newlines = 0
    let doubled = 0
    for (;;) {
      while (STOPS_IN_QUOTES[bytes[end]!] === 0) end++
      if (end - at - 1 - doubled > FIELD_BYTES) {
        // Over several lines it is rather a quote that should not be there.
        throw this.#refused((newlines > 0 ? unclosedQuote : tooLong)(excerpt(bytes, at, end), this.#line))
      }
      if (end === length) {
        if (final) throw this.#refused(unclosedQuote(excerpt(bytes, at, end), this.#line))
        return at
      }
      const stop = bytes[end]!
      if (stop === LF) {
        newlines++
        end++
      } else if (stop === QUOTE) {
        if (end + 1 === length && !final) return at
        if (bytes[end + 1] !== QUOTE) break
        doubled++
        end += 2
      } else {
        const sequence = this.#character(at, end, this.#line + newlines, final)
        if (sequence === CUT_OFF) return at
        end += sequence
      }
    }
    const next = end + 1
    const after = bytes[next]!
    if (next < length && after !== COMMA && after !== LF && after !== CR) {
      const value = excerpt(bytes, at, Math.min(length, next + 20))
      throw this.#refused(afterQuote(after, value, this.#line + newlines, this.#line))
    }
    if (doubled === 0) return this.#finish(at, bytes, at + 1, end, next, newlines, final)
    return this.#finish(at, this.#unescaped, 0, this.#unescape(at + 1, end), next, newlines, final)
  }

  /** Halves doubled quotes. Returns how many bytes are left. */
  #unescape(start: number, end: number): number {
    const bytes = this.#buffer
    let to = 0
    for (let at = start; at < end; at++) {
      this.#unescaped[to++] = bytes[at]!
      if (bytes[at] === QUOTE) at++
    }
    return to
  }

  /**
   * Hands over the field that begins at `at` and reads `content[start, end)`, and the row if it ends at `next`, right
   * behind the field. Returns where the next field begins, or `at` when the bytes do not reach.
   */
  #finish(
    at: number,
    content: Uint8Array,
    start: number,
    end: number,
    next: number,
    newlines: number,
    final: boolean,
  ): number {
    const stop = this.#buffer[next]!
    const atEnd = next === this.#length
    if (stop === COMMA && !atEnd) {
      this.#handOver(at, content, start, end, newlines)
      return next + 1
    }
    if (!final && (atEnd || (stop === CR && next + 1 === this.#length))) return at
    const width = atEnd ? 0 : this.#newlineAt(next, this.#line + newlines)
    if (this.#fields === 0 && next - at === end - start && this.#isBlank(at, end)) {
      if (end > start) throw this.#refused(blankRow(this.#line))
      this.#blankLine ??= this.#line
    } else {
      this.#handOver(at, content, start, end, newlines)
      this.#sink.row(this.#fields, this.#rowLine, this.#rowStart, this.#offset + next + width)
      this.#fields = 0
    }
    if (!atEnd) this.#line++
    return next + width
  }

  #beginRow(at: number): void {
    this.#rowLine = this.#line
    this.#rowStart = this.#offset + at
  }

  #handOver(at: number, content: Uint8Array, start: number, end: number, newlines: number): void {
    // Blank lines may only end the file, and this is no end.
    if (this.#blankLine !== null) throw this.#refused(blankRow(this.#blankLine))
    if (this.#fields === 0) this.#beginRow(at)
    this.#sink.field(this.#fields, content, start, end, this.#line)
    this.#fields++
    this.#line += newlines
  }

  /** Length of the newline, which must be of the same kind as the first. */
  #newlineAt(at: number, line: number): number {
    const crlf = this.#buffer[at] === CR
    if (crlf && this.#buffer[at + 1] !== LF) throw this.#refused(loneCarriageReturn(line))
    const kind = crlf ? 'CRLF' : 'LF'
    this.#newline ??= kind
    if (kind !== this.#newline) throw this.#refused(otherNewline(kind, this.#newline, line))
    return crlf ? 2 : 1
  }

  #isBlank(start: number, end: number): boolean {
    for (let i = start; i < end; i++) if (!BLANKS.has(this.#buffer[i]!)) return false
    return true
  }

  /** Length of the character beyond ASCII at `end`, inside the field from `at`. */
  #character(at: number, end: number, line: number, final: boolean): number {
    const bytes = this.#buffer
    const offset = this.#offset + end
    if (bytes[end] === 0) throw this.#refused(nulByte(excerpt(bytes, at, end + 1), line, offset))
    const length = sequenceLength(bytes, end, this.#length)
    if (length > 0 || (length === CUT_OFF && !final)) return length
    throw this.#refused(notUtf8(excerpt(bytes, at, Math.min(this.#length, end + 4)), line, offset))
  }

  #refused({ code, ...what }: Malformed): VigieError {
    return refusal(code, this.#file, { ...what, column: this.#sink.columnName(this.#fields) })
  }
}
