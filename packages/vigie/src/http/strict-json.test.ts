import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasCode } from '../errors.ts'
import { parseStrict } from './strict-json.ts'

const read = (text: string | Uint8Array) => parseStrict(typeof text === 'string' ? Buffer.from(text) : text)

function codeOf(text: string | Uint8Array): string {
  try {
    read(text)
  } catch (error) {
    if (hasCode(error)) return error.code
    throw error
  }
  return 'accepted'
}

describe('parseStrict', () => {
  it('reads every object that JSON.stringify writes, as JSON.parse does', () => {
    const key = fc.string().filter((k) => !['__proto__', 'constructor', 'prototype'].includes(k))
    const text = fc.string({ unit: 'binary' }).filter((t) => !t.includes('\0'))
    const number = fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }))
    const leaf = fc.oneof(text, number, fc.boolean(), fc.constant(null))
    const { object } = fc.letrec<{ object: object; value: unknown }>((tie) => ({
      object: fc.dictionary(
        key.filter((k) => !k.includes('\0')),
        tie('value'),
        { maxKeys: 4 },
      ),
      value: fc.oneof(
        { depthSize: 'small', maxDepth: 5 },
        leaf,
        fc.array(tie('value'), { maxLength: 4 }),
        tie('object'),
      ),
    }))
    fc.assert(
      fc.property(object, fc.nat(3), (value, indent) => {
        const json = JSON.stringify(value, null, indent)
        // Doubles beyond 2^53 that JavaScript prints without a point are integers to a reader.
        fc.pre(!/(^|[^\d.eE"])-?\d{16,}(?![\d.eE])/.test(json))
        expect(read(json)).toEqual(JSON.parse(json))
      }),
    )
  })

  it.each([
    ['a byte-order mark', '\ufeff{"a":1}'],
    ['white space around it', ' \n{ "a" : [ 1 , { } ] }\t'],
    ['32 levels', `${'{"a":'.repeat(31)}{}${'}'.repeat(31)}`],
    ['the largest exact integers', '{"a":9007199254740991,"b":-9007199254740991}'],
    ['a large number that is no integer text', '{"a":1e300,"b":0.5}'],
    ['equal keys in different objects', '{"a":{"b":1},"b":{"a":1,"b":[{"b":1},{"b":2}]}}'],
    ['strings that look like structure', '{"a":"{\\"a\\":[1,","b":"\\\\"}'],
    ['a surrogate pair, escaped', '{"a":"\\ud83d\\ude00"}'],
  ])('accepts %s', (_name, text) => {
    expect(codeOf(text)).toBe('accepted')
  })

  it.each([
    ['NaN', '{"a":NaN}', 'bad_json'],
    ['Infinity', '{"a":-Infinity}', 'bad_json'],
    ['a number beyond float64', '{"a":1e400}', 'bad_json'],
    ['a number beyond float64 in an array', '[[-1e999]]', 'bad_json'],
    ['an integer that would be rounded', '{"a":9007199254740993}', 'unsafe_integer'],
    ['a negative one', '{"a":-9007199254740992}', 'unsafe_integer'],
    ['a key written twice', '{"a":1,"b":2,"a":1}', 'duplicate_key'],
    ['a key written twice, once escaped', '{"a":1,"\\u0061":1}', 'duplicate_key'],
    ['a key written twice inside', '{"x":[{"a":1,"a":2}]}', 'duplicate_key'],
    ['__proto__', '{"__proto__":{"admin":true}}', 'bad_json'],
    ['__proto__, escaped', '{"\\u005f_proto__":1}', 'bad_json'],
    ['constructor.prototype', '{"constructor":{"prototype":{}}}', 'bad_json'],
    ['33 levels', `${'{"a":'.repeat(32)}{}${'}'.repeat(32)}`, 'too_deep'],
    ['100,000 levels', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'too_deep'],
    ['a lone surrogate', '{"a":"\\ud800"}', 'body_invalid'],
    ['a NUL character', '{"a":"\\u0000"}', 'body_invalid'],
    ['invalid UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d), 'bad_json'],
    ['a surrogate in CESU-8', Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22), 'bad_json'],
    ['nothing', '', 'bad_json'],
    ['an array', '[1]', 'bad_json'],
    ['null', 'null', 'bad_json'],
    ['a bare text', '"a"', 'bad_json'],
    ['a comma too many', '{"a":1,}', 'bad_json'],
    ['text after it', '{"a":1} x', 'bad_json'],
    ['a comment', '{"a":1 /* one */}', 'bad_json'],
    ['half of it', '{"user_id":', 'bad_json'],
  ])('refuses %s', (_name, text, code) => {
    expect(codeOf(text)).toBe(code)
  })
})
