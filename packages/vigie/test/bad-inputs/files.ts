/** The files of one delivery by name; null leaves a file out. */
export type Files = Readonly<Record<string, string | Uint8Array | null>>

export const COLUMNS = [
  'user_id',
  'hours',
  'score',
  'skips',
  'plan',
  'active',
  'joined',
  'seen',
  'local',
  'note',
] as const
export type Row = Partial<Record<(typeof COLUMNS)[number], string>>
export const HEADER = COLUMNS.join()
const USERS = ['u1', 'u2', 'u3', 'u4']

/** The `i`-th good row of `usage`, from 0. */
const goodRow = (i: number): Required<Row> => ({
  user_id: USERS[i]!,
  hours: String(24.5 + i),
  score: i === 1 ? '' : `${i}.25`,
  skips: String(i),
  plan: i % 2 ? 'Family plan' : 'basic',
  active: i % 2 ? 'True' : 'False',
  joined: `2023-0${i + 1}-15`,
  seen: `2024-01-0${i + 1}T12:00:00Z`,
  local: `2024-01-0${i + 1}T12:00:00`,
  note: `note ${i}`,
})

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
export const lineOf = (row: Required<Row>) => COLUMNS.map((name) => quoted(row[name])).join()

/**
 * `usage.csv` with some of its four rows changed: a row stands on the line after its number, so row 2 is line 3. A
 * string takes the place of the whole line.
 */
export function usage(changed: Readonly<Record<number, Row | string>> = {}, newline = '\n'): string {
  const lines = USERS.map((_, i) => {
    const change = changed[i + 1]
    return typeof change === 'string' ? change : lineOf({ ...goodRow(i), ...change })
  })
  return [HEADER, ...lines, ''].join(newline)
}

/** A delivery in which all is well. */
export function goodFiles(): Files {
  return {
    'users.csv': `user_id\n${USERS.join('\n')}\n`,
    'usage.csv': usage(),
    'labels.csv': `user_id,left\n${USERS.map((id, i) => `${id},${i % 2 ? 'True' : 'False'}`).join('\n')}\n`,
  }
}

/** The same with these users in place of u1 to u4, in all files. */
export function filesOf(users: readonly [string, string, string, string]): Files {
  return {
    'users.csv': `user_id\n${users.map(quoted).join('\n')}\n`,
    'usage.csv': usage(Object.fromEntries(users.map((user_id, i) => [i + 1, { user_id }]))),
    'labels.csv': `user_id,left\n${users.map((id) => `${quoted(id)},True`).join('\n')}\n`,
  }
}

/** Text and bytes, one behind the other. */
export function bytes(...parts: readonly (string | readonly number[])[]): Uint8Array {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))))
}

/** `usage.csv` with bytes in the note of its second row. */
export function noteBytes(note: readonly number[]): Uint8Array {
  const [before, after] = usage({ 2: { note: '@@' } }).split('@@') as [string, string]
  return bytes(before, note, after)
}

/** The files of a month of many users, in which all is as usual; `change` makes other rows of `usage` of them. */
export function monthFiles(month: number, change: (row: Required<Row>, i: number) => Row | null = () => ({})): Files {
  const draw = random(month)
  const users = Array.from({ length: 400 }, (_, i) => `user-${String(i).padStart(4, '0')}`)
  const lines = users.flatMap((user_id, i) => {
    const row = {
      ...goodRow(i % 4),
      user_id,
      hours: (100 + 500 * draw()).toFixed(3),
      score: draw() < 0.02 ? '' : (10 * draw()).toFixed(4),
      skips: String(Math.floor(40 * draw())),
    }
    const changed = change(row, i)
    return changed === null ? [] : [lineOf({ ...row, ...changed })]
  })
  return {
    'users.csv': `user_id\n${users.join('\n')}\n`,
    'usage.csv': `${HEADER}\n${lines.join('\n')}\n`,
    'labels.csv': `user_id,left\n${users.map((id) => `${id},${draw() < 0.3 ? 'True' : 'False'}\n`).join('')}`,
  }
}

/** Numbers from 0 to 1, the same for the same seed (Lehmer, Park and Miller 1988). */
function random(seed: number): () => number {
  let state = 1 + ((seed * 7919) % 2_147_483_646)
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}
