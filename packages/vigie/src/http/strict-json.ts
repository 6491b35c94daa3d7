import { isUtf8 } from 'node:buffer'
import { VigieError } from '../errors.ts'

const MAX_DEPTH = 32
const UTF_8 = new TextDecoder()
/** Keys that mean something to JavaScript objects. */
const RESERVED = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Reads one JSON object from the bytes of a request. What `JSON.parse` takes silently is refused here: invalid UTF-8, a
 * key written twice, integers that a float64 rounds, numbers that it cannot hold, deep nesting, lone surrogates, NUL.
 * A byte-order mark is accepted (RFC 8259 lets a reader ignore it).
 *
 * Throws `bad_json`, `duplicate_key`, `too_deep`, `unsafe_integer` or `body_invalid`.
 */
export function parseStrict(bytes: Uint8Array): object {
  if (!isUtf8(bytes)) throw badJson('a body is valid UTF-8', 'the body is not UTF-8')
  const text = UTF_8.decode(bytes)
  const value = parse(text)
  checkTokens(text)
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw badJson('a body is one JSON object', `the body is ${Array.isArray(value) ? 'an array' : 'a bare value'}`)
  }
  return value
}

/** `JSON.parse` nests without recursion, so the depth of an attack costs it nothing before `checkTokens` refuses it. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw badJson('a body is one JSON object', text === '' ? 'the body is empty' : cause.message)
  }
}

/** One pass over text that is known to be JSON. */
function checkTokens(text: string): void {
  /** Keys seen in each open object; null for an open array. */
  const open: (Set<string> | null)[] = []
  let keyNext = false
  let at = 0
  while (at < text.length) {
    const c = text[at]!
    if (c === '"') {
      const end = endOfString(text, at)
      const string = readString(text.slice(at, end))
      if (keyNext) addKey(open.at(-1)!, string)
      keyNext = false
      at = end
    } else if (c === '-' || (c >= '0' && c <= '9')) {
      at = checkNumber(text, at)
    } else {
      if (c === '{' || c === '[') {
        open.push(c === '{' ? new Set() : null)
        if (open.length > MAX_DEPTH) throw tooDeep()
      } else if (c === '}' || c === ']') open.pop()
      if (c === '{' || c === ',') keyNext = open.at(-1) !== null
      else if (c === '[') keyNext = false
      at++
    }
  }
}

/** Index behind the closing quote of the string that opens at `start`. */
function endOfString(text: string, start: number): number {
  const next = text.indexOf('"', start + 1)
  if (text[next - 1] !== '\\') return next + 1
  let at = start + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

function readString(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1)
  const string = JSON.parse(quoted) as string
  if (!string.isWellFormed() || string.includes('\0')) {
    throw new VigieError('body_invalid', 'a text holds a lone surrogate or a NUL character', {
      rule: 'texts are valid Unicode without NUL',
      value: quoted.slice(0, 80),
    })
  }
  return string
}

function addKey(seen: Set<string>, key: string): void {
  if (RESERVED.has(key)) throw badJson('keys are not the names of object internals', `the key "${key}" is not allowed`)
  if (seen.has(key)) {
    const shown = key.slice(0, 80)
    throw new VigieError('duplicate_key', `the key "${shown}" is written twice`, {
      rule: 'a key appears once in an object',
      value: shown,
      hint: 'Write each key of an object once.',
    })
  }
  seen.add(key)
}

const NUMBER = /-?\d+(\.\d+)?([eE][-+]?\d+)?/y

function checkNumber(text: string, at: number): number {
  NUMBER.lastIndex = at
  const [source, fraction, exponent] = NUMBER.exec(text)!
  const value = Number(source)
  if (!Number.isFinite(value)) throw badJson('numbers are finite float64', `${source.slice(0, 40)} is out of range`)
  if (fraction === undefined && exponent === undefined && !Number.isSafeInteger(value)) {
    throw new VigieError('unsafe_integer', `the integer ${source.slice(0, 40)} is too large to be exact`, {
      rule: 'integers lie within 2^53 - 1 of zero',
      value: source.slice(0, 40),
    })
  }
  return at + source.length
}

function badJson(rule: string, message: string): VigieError {
  return new VigieError('bad_json', message, { rule })
}

function tooDeep(): VigieError {
  return new VigieError('too_deep', `the body nests deeper than ${MAX_DEPTH} levels`, {
    rule: `at most ${MAX_DEPTH} levels of nesting`,
  })
}
