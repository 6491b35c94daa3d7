import type { DBOSConfig } from '@dbos-inc/dbos-sdk'

const ignore = (): void => undefined

/** What DBOS has to say reaches the caller as the result of a run, and standard output belongs to the caller. */
export const quiet: NonNullable<DBOSConfig['logger']> = { info: ignore, debug: ignore, warn: ignore, error: ignore }
