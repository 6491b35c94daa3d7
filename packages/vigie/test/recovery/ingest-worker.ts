// One ingest as a process of its own: node ingest-worker.ts HOME DATABASE_URL DIR AS_OF. Says when it begins and ends.
import project from '../../../../examples/streamflow/vigie.config.ts'
import { openStateFolder } from '../../src/adapters/local/state-folder.ts'
import { openRecord } from '../../src/cli/open-record.ts'
import { openStores } from '../../src/cli/open-stores.ts'
import { asOf } from '../../src/domain/as-of.ts'
import { ingest } from '../../src/loop/ingest.ts'

const [home = '', url = '', dir = '', date = ''] = process.argv.slice(2)
const folder = await openStateFolder(home)
const record = await openRecord(folder, url)
const stores = await openStores(folder)
process.stdout.write('begins\n')
await ingest({ ...record.ports, ...stores.ports }, project, { dir, asOf: asOf(date) })
process.stdout.write('ends\n')
await stores.close()
await record.close(false)
