import { describe, expect, it } from 'vitest'
import { labelled, wrap } from './wrap.ts'

describe('wrap', () => {
  it('breaks between words and fills each line', () => {
    expect(wrap('one two three four', 9)).toEqual(['one two', 'three', 'four'])
    expect(wrap('12345 789', 9)).toEqual(['12345 789'])
  })

  it('leaves a word that is wider than the line whole', () => {
    expect(wrap('see /a/long/path now', 6)).toEqual(['see', '/a/long/path', 'now'])
  })

  it('makes one line of nothing', () => {
    expect(wrap('', 10)).toEqual([''])
  })
})

it('puts the rest of a labelled text below its beginning', () => {
  const lines = labelled('  rule     ', 'word '.repeat(20).trim())
  expect(lines).toEqual([`  rule     ${'word '.repeat(14).trim()}`, `           ${'word '.repeat(6).trim()}`])
})
