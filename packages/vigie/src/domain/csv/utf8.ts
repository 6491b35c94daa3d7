/** What `sequenceLength` answers when the bytes end before it can tell. */
export const CUT_OFF = -1

/**
 * Length in bytes of the UTF-8 sequence that begins at `at` with a byte of 0x80 or more: 2 to 4, 0 when the bytes begin
 * no valid sequence, `CUT_OFF` when `end` comes first. Overlong forms, surrogates and code points beyond U+10FFFF are
 * not valid (Unicode 17, table 3-7).
 */
export function sequenceLength(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at]!
  if (lead < 0xc2 || lead > 0xf4) return 0
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  if (at + 1 >= end) return CUT_OFF
  const second = bytes[at + 1]!
  if (second < lowestSecond(lead) || second > highestSecond(lead)) return 0
  for (let i = 2; i < length; i++) {
    if (at + i >= end) return CUT_OFF
    if ((bytes[at + i]! & 0xc0) !== 0x80) return 0
  }
  return length
}

// Only these four lead bytes narrow what may follow.
function lowestSecond(lead: number): number {
  return lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
}

function highestSecond(lead: number): number {
  return lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
}
