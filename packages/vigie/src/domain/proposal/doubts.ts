import { excerptOf } from '../csv/excerpt.ts'
import { type ColumnProfile, SENTINEL_DATES } from './column-profile.ts'
import type { Doubt } from './draft.ts'
import type { FileProfile } from './file-profile.ts'
import { MOST_KEYS } from './key-set.ts'

/** A range of other numbers that is this much narrower than a number like 999 makes that number stand out. */
const STANDS_OUT = 3

/** What looks wrong in a file although a contract can be made of it. */
export function doubtsOf(file: FileProfile, key: string): readonly Doubt[] {
  return file.columns.flatMap((column) => {
    const texts =
      column.name === key
        ? keyVariants(column)
        : [...sentinels(column), ...nullTokens(column), ...nearlyNumbers(column), ...constant(column)]
    return texts.map((text) => ({ file: file.name, column: column.name, text }))
  })
}

function keyVariants({ key }: ColumnProfile): readonly string[] {
  if (!key) return []
  const unjudged = key.judged
    ? []
    : [`has more than ${MOST_KEYS} values: whether those beyond repeat was not looked at`]
  if (!key.variants) return unjudged
  const { rows, example } = key.variants
  const subject = rows === 1 ? '1 key is' : `${rows} keys are`
  return [
    ...unjudged,
    `${subject} another key but for case, blanks or Unicode form, such as "${example}": one entity or two?`,
  ]
}

/** -1 where nothing else is below 0; 999 and the like where everything else is far below. */
function sentinels({ sentinels: found, rangeOfOthers, kinds }: ColumnProfile): readonly string[] {
  return found.flatMap(({ text, rows }) => {
    if ((SENTINEL_DATES as readonly string[]).includes(text)) {
      return rows < kinds.date ? [`${text} stands ${times(rows)}: does it mean that there is no date?`] : []
    }
    const value = Number(text)
    if (rangeOfOthers === null) return []
    const { low, high } = rangeOfOthers
    const alone = value < 0 ? low >= 0 : high * STANDS_OUT < value
    if (!alone) return []
    return [
      `${text} stands ${times(rows)}, all other values lie in ${low} to ${high}: does it mean that there is no value?`,
    ]
  })
}

function nullTokens({ nullTokens: tokens, kinds, rows }: ColumnProfile): readonly string[] {
  const listed = tokens.map(({ text, rows: n }) => `"${excerptOf(text)}" ${times(n)}`).join(', ')
  if (tokens.length > 1) return [`null is written in ${tokens.length} ways: ${listed}`]
  const share = kinds.nullToken / rows
  return share > 0.5 && share < 1 ? [`${(share * 100).toFixed(0)} % of the rows have no value`] : []
}

function nearlyNumbers({ kinds, rows, distinct }: ColumnProfile): readonly string[] {
  const numbers = kinds.int + kinds.float
  const others = rows - numbers - kinds.nullToken
  if (others === 0 || numbers < 0.9 * (rows - kinds.nullToken)) return []
  const example = distinct?.find(({ text }) => !Number.isFinite(Number(text)))
  const shown = example ? `, such as "${excerptOf(example.text)}"` : ''
  return [
    `${others === 1 ? '1 value is' : `${others} values are`} no number${shown}, all others are: the column is proposed as text`,
  ]
}

function constant({ kinds, rows, range }: ColumnProfile): readonly string[] {
  if (kinds.nullToken === rows) return ['has no value in any row']
  const isConstant = rows > 1 && kinds.int + kinds.float === rows && range?.low === range?.high
  return isConstant ? [`is ${range?.low} in every row: a model learns nothing from it`] : []
}

const times = (n: number): string => (n === 1 ? 'once' : `${n} times`)
