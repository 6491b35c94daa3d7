import { expect, test } from 'vitest'
import { parseManifest } from './manifest.ts'

const SHA = 'a'.repeat(64)

test('a manifest says date, hash, size and rows, each of them or none', () => {
  const text = JSON.stringify({ asOf: '2024-01-31', files: { 'users.csv': { sha256: SHA, bytes: 3, rows: 1 }, b: {} } })
  expect(parseManifest(text)).toEqual({
    asOf: '2024-01-31',
    files: [
      { name: 'users.csv', sha256: SHA, bytes: 3, rows: 1 },
      { name: 'b', sha256: null, bytes: null, rows: null },
    ],
  })
  expect(parseManifest('{"files":{}}')).toEqual({ asOf: null, files: [] })
})

test.each([
  '../users.csv',
  '/etc/passwd',
  'C:\\users.csv',
  '..\\users.csv',
  '%2e%2e%2fusers.csv',
  '%252e%252e',
  'a\u0000.csv',
  '..',
  '.hidden',
  'a..csv',
  '',
  'a/b.csv',
  '__proto__/x',
])('a name with a path in it is refused: %j', (name) => {
  expect(() => parseManifest(`{"files":{${JSON.stringify(name)}:{}}}`)).toThrow(
    expect.objectContaining({ code: 'bad_name' }),
  )
})

test.each([
  '',
  'null',
  '[]',
  '"x"',
  '{}',
  '{"files":[]}',
  '{"files":{"a":1}}',
  '{"files":{},"x":1}',
  '{"files":{"a":{"hash":"x"}}}',
  '{"asOf":1,"files":{}}',
  `{"files":{"a":{"sha256":"${SHA.toUpperCase()}"}}}`,
  '{"files":{"a":{"bytes":-1}}}',
  '{"files":{"a":{"bytes":1.5}}}',
  '{"files":{"a":{"rows":"7"}}}',
  '{"files":{"a":{"rows":1e300}}}',
])('anything else is no manifest: %s', (text) => {
  expect(() => parseManifest(text)).toThrow(expect.objectContaining({ code: 'manifest_invalid' }))
})
