import type { Space } from './explain-model.ts'

/** What contributions are in, in words. */
export const UNITS: Readonly<Record<Space, string>> = {
  log_odds: 'log-odds',
  probability: 'of probability',
  number: 'in units of the label',
}
