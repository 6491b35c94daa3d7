import { expect, test } from 'vitest'
import { nearest } from './nearest.ts'

const columns = ['user_id', 'monthly_fee', 'watch_hours_30d', 'skips_7d', 'No']

test.each([
  ['another case', 'User_ID', 'user_id'],
  ['blanks around it', ' user_id ', 'user_id'],
  ['other punctuation', 'user-id', 'user_id'],
  ['a byte-order mark before it', '\ufeffuser_id', 'user_id'],
  ['a plural', 'monthly_fees', 'monthly_fee'],
  ['swapped letters', 'montlhy_fee', 'monthly_fee'],
  ['two wrong letters', 'wach_hour_30d', 'watch_hours_30d'],
  ['another case of a short one', 'NO', 'No'],
])('finds what was meant in spite of %s', (_what, written, meant) => {
  expect(nearest(written, columns)).toBe(meant)
})

test.each(['contract_type', 'hours', 'Na', '', '12'])('does not guess what "%s" means', (written) => {
  expect(nearest(written, columns)).toBeNull()
})
