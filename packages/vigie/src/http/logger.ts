type Write = (fields: Readonly<Record<string, unknown>>, text: string) => void

/** What the server needs of a logger; pino's has it. */
export interface Logger {
  readonly info: Write
  readonly warn: Write
  readonly error: Write
}
