import { expect, test } from 'vitest'
import { asOf } from './as-of.ts'
import { fingerprints, merged } from './fingerprint.ts'
import { TrainingKeys } from './training-keys.ts'

const secret = Buffer.alloc(32, 5)
const january = asOf('2024-01-31')
const february = asOf('2024-02-29')

function read(text: string) {
  const keys = new TrainingKeys('trained-on.csv', 'user_id', february)
  for (const byte of Buffer.from(text)) keys.push(Uint8Array.of(byte))
  return keys.end(secret)
}

test('keys of one date become the fingerprints of these rows', () => {
  expect(read('n,user_id\n1,ana\n2,"bo, jr"\n3,ana\n')).toEqual({
    rows: 3,
    fingerprints: fingerprints(secret, ['ana', 'bo, jr'], february),
  })
})

test('a column as_of says the date of each row', () => {
  expect(read('user_id,as_of\nana,2024-01-31\nana,2024-02-29\nbo,2024-01-31\n')).toEqual({
    rows: 3,
    fingerprints: merged([fingerprints(secret, ['ana', 'bo'], january), fingerprints(secret, ['ana'], february)]),
  })
})

test.each([
  ['no column of keys', 'user,x\na,1\n', 'column_missing'],
  ['no rows', 'user_id\n', 'no_rows'],
  ['an empty key', 'user_id,x\na,1\n,2\n', 'null_not_allowed'],
  ['a date that is none', 'user_id,as_of\na,2024-02-31\n', 'as_of_invalid'],
  ['an unclosed quote', 'user_id\n"a\n', 'unclosed_quote'],
])('a file with %s is refused', (_name, text, code) => {
  expect(() => read(text)).toThrow(expect.objectContaining({ code }))
})
