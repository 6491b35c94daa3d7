import type { FileDriftReport } from './model.ts'

/** The comparison for programs. `Object.fromEntries` makes own keys of any name, `__proto__` too. */
export function fileDriftDocument({
  mode,
  reference,
  current,
  columns,
  report,
  notTestable,
  ignored,
}: FileDriftReport) {
  return {
    mode,
    reference,
    current,
    columns: Object.fromEntries(
      columns.map(({ name, type, defaultTest, tests, error }) => [
        name,
        { type, defaultTest, tests, ...(error === null ? {} : { error }) },
      ]),
    ),
    report,
    notTestable,
    ignored,
  }
}
