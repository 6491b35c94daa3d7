import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { vigie } from '../program.ts'
import { SMALL_USERS } from '../small-months.ts'
import { preparedHome } from './prepared-home.ts'

const prepared = preparedHome()
const { ask, say, months } = prepared
const month = (folder: string) => path.join(months, folder)
const someone = () => readFileSync(month('month_000/users.csv'), 'utf8').split('\n')[1]!.split(',')[0]!

it('check says what the definition resolves to', async () => {
  const { status, json } = await ask('check')
  expect(status).toBe(0)
  expect(json).toMatchObject({ project: 'streamflow', trainer: { trees: 300 }, features: { length: 14 } })
})

it('doctor says each setting, where it came from, and that every store answers', async () => {
  const { status, json } = await ask('doctor')
  expect(status).toBe(0)
  expect(json).toMatchObject({ snapshots: 3, champion: 2, online: { usage: SMALL_USERS } })
  expect(json.settings).toContainEqual({ name: 'home', value: prepared.home, from: '--home' })
  expect(json.settings).toContainEqual({ name: 'port', value: 8000, from: 'default' })
})

it('ingest of what is there changes nothing', async () => {
  const before = await prepared.state()
  const { status, json } = await ask('ingest', month('month_000'), '--as-of', '2024-01-31')
  expect(status).toBe(0)
  expect(json).toMatchObject({ already: true, rows: SMALL_USERS, online: { entities: SMALL_USERS } })
  expect(await prepared.state()).toEqual(before)
})

it('materialize puts online what is not there yet, and builds anew when told to', async () => {
  const nothing = await ask('materialize')
  expect(nothing).toMatchObject({ status: 0, json: { asOf: '2024-03-31', entities: SMALL_USERS } })
  expect(nothing.json.views.map(({ rows }: { rows: number }) => rows)).toEqual([0, 0, 0, 0])
  const one = await ask('materialize', '--view', 'usage', '--full')
  expect(one).toMatchObject({ status: 0, json: { views: [{ view: 'usage', versions: 0 }] } })
  expect((await say('materialize', '--as-of', '2024-02-29')).stdout).toMatch(/subscription +nothing new/)
  expect(await ask('materialize', '--view', 'none')).toMatchObject({ status: 2 })
  expect(await ask('materialize', '--as-of', '2024-06-30')).toMatchObject({
    status: 3,
    json: { error: { code: 'snapshot_missing' } },
  })
})

it('parity says that what is online is what the history says', async () => {
  const { status, json } = await ask('parity', '--all')
  expect(status).toBe(0)
  const all = { rows: SMALL_USERS, equal: SMALL_USERS, differing: 0, incomparable: 0, differences: [] }
  expect(json).toMatchObject({ online: all, served: { differing: 0 } })
  expect((await say('parity', '--rows', '10')).stdout).toMatch(/online +\d+ rows, all equal/)
  expect(await ask('parity', '--rows', '0')).toMatchObject({ status: 2 })
})

it('features shows what the model sees now, and what it saw', async () => {
  const now = await ask('features', someone())
  expect(now).toMatchObject({ status: 0, json: { user_id: someone(), asOf: null } })
  expect(new Set(Object.values(now.json.eventTimes))).toEqual(new Set(['2024-03-31T23:59:59.999Z']))
  expect(Object.keys(now.json.features)).toHaveLength(14)
  const then = await ask('features', someone(), '--as-of', '2024-01-31')
  expect(then).toMatchObject({ status: 0, json: { asOf: '2024-01-31' } })
  expect(then.json.features.months_active).not.toBe(now.json.features.months_active)
  expect(await ask('features', someone(), '--as-of', '2024-01-30')).toMatchObject({
    status: 3,
    json: { error: { code: 'user_unknown' } },
  })
})

it('features are listed with their owner and who reads them, and shown over time', async () => {
  const listed = await ask('features', 'list')
  expect(listed).toMatchObject({ status: 0, json: { length: 14 } })
  expect(listed.json[0]).toMatchObject({
    name: 'subscription.months_active',
    usedByChampion: true,
    newest: { rows: SMALL_USERS },
  })
  const shown = await ask('features', 'show', 'usage.rebuffer_events_7d')
  expect(shown.json.history.map(({ asOf }: { asOf: string }) => asOf)).toEqual([
    '2024-01-31',
    '2024-02-29',
    '2024-03-31',
  ])
  expect((await say('features', 'show', 'usage.rebuffer_events_7d')).stdout).toMatch(
    /read by {4}v1.*\n[\s\S]*mean {7}[▁-█]{3}/,
  )
  expect(await ask('features', 'show', 'usage.none')).toMatchObject({
    status: 3,
    json: { error: { code: 'feature_unknown' } },
  })
})

it('dataset gives the rows of a version again, the same bit for bit', async () => {
  const out = path.join(prepared.folder, 'rows.csv')
  const rebuilt = await ask('dataset', '1', '--out', out)
  expect(rebuilt).toMatchObject({ status: 0, json: { version: 1, asOf: '2024-01-31', definition: 'same', out } })
  const lines = readFileSync(out, 'utf8').trimEnd().split('\n')
  expect(lines).toHaveLength(rebuilt.json.rows + 1)
  expect(lines[0]).toMatch(/^user_id,subscription\.months_active,.*,churn_label$/)
  const again = await ask('dataset', '1', '--out', out)
  expect(again).toMatchObject({ status: 2, json: { error: { code: 'file_exists' } } })
  const nowhere = await ask('dataset', '1', '--out', path.join(prepared.folder, 'none', 'rows.csv'))
  expect(nowhere).toMatchObject({ status: 2, json: { error: { code: 'wrong_use' } } })
  expect(await ask('dataset', '99')).toMatchObject({ status: 3, json: { error: { code: 'version_unknown' } } })
})

it('monitor compares with the date before or another, and exits 3 on drift only when told to', async () => {
  expect(await ask('monitor')).toMatchObject({ status: 0, json: { asOf: '2024-03-31', reference: '2024-02-29' } })
  const args = ['monitor', '--as-of', '2024-03-31', '--reference', '2024-01-31']
  expect(await ask(...args)).toMatchObject({
    status: 0,
    json: { reference: '2024-01-31', retrain: { triggered: true } },
  })
  expect((await ask(...args, '--fail-on-drift')).status).toBe(3)
  const quiet = await ask('monitor', '--as-of', '2024-02-29', '--fail-on-drift')
  expect(quiet).toMatchObject({ status: 0, json: { retrain: { triggered: false } } })
})

it('train gives the version that these rows made before', async () => {
  expect(await ask('train', '--as-of', '2024-03-31')).toMatchObject({ status: 0, json: { version: 2 } })
})

it('compare, promote and replay: what the gate refused nobody promotes, and a replay gives the same bytes', async () => {
  const compared = await ask('compare', 'v1', '--as-of', '2024-03-31')
  expect(compared).toMatchObject({ status: 3, json: { challenger: 1, champion: 2, outcome: 'keep' } })
  expect(await ask('promote', compared.json.id)).toMatchObject({
    status: 3,
    json: { error: { code: 'candidate_refused', hint: expect.stringContaining('reasons') } },
  })
  const replayed = await ask('replay', compared.json.id)
  expect(replayed).toMatchObject({ status: 0, json: { same: true, outcome: 'keep', reasons: compared.json.reasons } })
})

it('compare of any two versions decides nothing, writes the page, and answers with its exit status', async () => {
  const file = path.join(prepared.folder, 'compared.html')
  const before = (await ask('versions')).json
  const compared = await ask('compare', '2', 'v1', '--as-of', '2024-03-31', '--html', file)
  expect(compared).toMatchObject({ json: { id: null, challenger: 2, champion: 1, report: { html: file } } })
  expect(compared.status).toBe(compared.json.outcome === 'promote' ? 0 : 3)
  const auc = compared.json.metrics.find(({ metric }: { metric: string }) => metric === 'auc')
  expect(readFileSync(file, 'utf8')).toContain(auc.challenger.value.toFixed(3))
  expect(JSON.parse(readFileSync(compared.json.report.json, 'utf8')).details.metrics).toEqual(compared.json.metrics)
  expect((await ask('versions')).json).toEqual(before)
  expect(await ask('compare', '2', '1', '--html', file)).toMatchObject({
    status: 2,
    json: { error: { code: 'file_exists' } },
  })
})

it('card is written as a page and as CycloneDX', async () => {
  const [page, bom] = ['card.html', 'card.cdx.json'].map((name) => path.join(prepared.folder, name))
  const card = await ask('card', 'v2', '--no-explain', '--html', page!, '--cyclonedx', bom!)
  expect(card).toMatchObject({
    status: 0,
    json: { version: 2, stage: 'Production', explanation: null, report: { html: page, cyclonedx: bom } },
  })
  expect(readFileSync(page!, 'utf8')).toContain('Version 2 answers.')
  expect(JSON.parse(readFileSync(bom!, 'utf8'))).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' })
  expect(await ask('card', '9')).toMatchObject({ status: 3, json: { error: { code: 'version_unknown' } } })
})

it('predict says what a version would have said then, and what is said now', async () => {
  const then = await ask('predict', '--key', someone(), '--model', 'v1', '--as-of', '2024-02-29')
  expect(then).toMatchObject({ status: 0, json: { user_id: someone(), version: 1, asOf: '2024-02-29', knownAt: null } })
  const known = await ask('features', someone(), '--as-of', '2024-02-29')
  expect(then.json.features).toEqual(known.json.features)
  expect(new Set(Object.values(then.json.knownTimes)).size).toBe(1)
  const now = await ask('predict', '--key', someone())
  expect(now).toMatchObject({ status: 0, json: { version: 2, asOf: null, knownTimes: null } })
  expect(await ask('predict', '--key', 'nobody', '--as-of', '2024-02-29')).toMatchObject({
    status: 3,
    json: { error: { code: 'user_unknown' } },
  })
  expect(await ask('predict', '--key', someone(), '--as-of', '2023-12-31')).toMatchObject({
    status: 3,
    json: { error: { code: 'snapshot_missing', hint: expect.stringContaining('2024-01-31') } },
  })
  expect(await ask('predict', '--key', someone(), '--known-at', '2024-02-29')).toMatchObject({ status: 2 })
  expect(await ask('predict', '--as-of', '2024-02-29')).toMatchObject({ status: 2 })

  const [keys, out] = ['keys.txt', 'then.csv'].map((name) => path.join(prepared.folder, name))
  writeFileSync(keys!, `user_id\n${someone()}\nnobody\n`)
  const many = await ask('predict', '--keys', keys!, '--model', 'v1', '--as-of', '2024-02-29', '--out', out!)
  expect(many).toMatchObject({ status: 0, json: { keys: 2, answered: 1, unknown: 1, out } })
  const { prediction, probability } = then.json
  expect(readFileSync(out!, 'utf8').split('\n')).toEqual([
    'user_id,prediction,probability_of_false,probability_of_true,refused',
    `${someone()},${prediction},${1 - probability},${probability},`,
    'nobody,,,,user_unknown',
    '',
  ])
  const [wrong, none] = ['wrong.csv', 'none.csv'].map((name) => path.join(prepared.folder, name))
  writeFileSync(wrong!, `user_id,plan\n${someone()},basic\n`)
  const unanswered = await ask('predict', '--keys', wrong!, '--as-of', '2024-02-29', '--out', none!)
  expect(unanswered).toMatchObject({ status: 3, json: { keys: 2, answered: 0, unknown: 2 } })
  const unread = await ask('predict', '--keys', prepared.folder, '--as-of', '2024-02-29', '--out', `${none}2`)
  expect(unread).toMatchObject({ status: 2, json: { error: { code: 'wrong_use', value: prepared.folder } } })
  expect(existsSync(`${none}2`)).toBe(false)
})

it('promote of a decision that was carried out changes nothing', async () => {
  const versions = (await ask('versions')).json
  expect(versions).toMatchObject([
    { version: 2, stage: 'Production' },
    { version: 1, stage: 'Archived' },
  ])
  const { id } = versions[0].decisions.find((d: { outcome: string }) => d.outcome === 'promote')
  const before = await prepared.state()
  expect(await ask('promote', id)).toMatchObject({ status: 0, json: { version: 2 } })
  expect(await prepared.state()).toEqual(before)
})

it('runs lists each run once, cancel leaves what has ended', async () => {
  const { status, json } = await ask('runs')
  expect(status).toBe(0)
  expect(json.map((run: { status: string; steps: number }) => [run.status, run.steps])).toEqual([
    ['done', 7],
    ['done', 1],
    ['done', 3],
    ['done', 7],
  ])
  expect(await ask('cancel', json[0].id)).toMatchObject({ status: 0, json: { cancelled: false } })
  expect(await ask('cancel', 'nobody')).toMatchObject({ status: 3, json: { error: { code: 'run_unknown' } } })
})

it('run of a delivery that was taken gives its outcome again', async () => {
  const { status, json } = await ask('run', month('month_000'), '--as-of', '2024-01-31')
  expect({ status, json }).toEqual({ status: 0, json: prepared.outcome.months[0] })
})

it('serve answers until it is told to stop, and a second one is told that the port is taken', async () => {
  const server = vigie(['serve', '--port', '0', '--json', '--home', prepared.home])
  await server.wrote(/\}\n$/)
  const { url } = JSON.parse((await server.wrote(/\{[\s\S]*\}/))[0])
  expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: 'ok' })
  const taken = await ask('serve', '--port', new URL(url).port)
  expect(taken).toMatchObject({ status: 2, json: { error: { code: 'port_in_use', value: expect.anything() } } })
  const { status, stdout } = await server.kill('SIGTERM')
  expect({ status, stdout: JSON.parse(stdout) }).toEqual({ status: 0, stdout: { url } })
})

it('champion says who it is and who it was; rollback brings the one before back, and no further', async () => {
  const now = await ask('champion')
  expect(now).toMatchObject({ status: 0, json: { version: 2 } })
  const before = new Date(Date.parse(now.json.since) - 1).toISOString()
  expect(await ask('champion', '--at', before)).toMatchObject({ status: 0, json: { version: 1 } })
  expect(await ask('champion', '--at', '2020-01-01T00:00:00Z')).toMatchObject({
    status: 3,
    json: { error: { code: 'no_champion' } },
  })
  expect(await ask('champion', '--at', '2024-01-01')).toMatchObject({
    status: 2,
    json: { error: { code: 'wrong_use' } },
  })
  expect(await ask('rollback', '--reason', 'complaints')).toMatchObject({ status: 0, json: { version: 1 } })
  const audit = await prepared.database.row<{ action: string; subject: unknown }>(
    'select action, subject from vigie.audit order by seq desc limit 1',
  )
  expect(JSON.stringify(audit)).toContain('complaints')
  const further = await ask('rollback', '--reason', 'more complaints')
  expect(further).toMatchObject({ status: 3, json: { error: { code: 'nothing_to_roll_back' } } })
})

it('every line for people fits into 80 columns', async () => {
  const lines = await Promise.all([
    say('check'),
    say('doctor'),
    say('versions'),
    say('runs'),
    say('monitor'),
    say('compare', '2'),
    say('run', month('month_002'), '--as-of', '2024-03-31'),
    say('features', 'nobody'),
    say('features', someone()),
    say('features', 'list'),
    say('features', 'show', 'subscription.net_service'),
    say('dataset', '1'),
    say('compare', '2', '1'),
    say('card', '2', '--no-explain'),
    say('predict', '--key', someone(), '--as-of', '2024-02-29'),
  ])
  const wide = lines
    .flatMap(({ stdout, stderr }) => `${stdout}${stderr}`.split('\n'))
    .filter((line) => line.length > 80 && !line.startsWith('[') && !line.includes(prepared.folder))
  expect(wide).toEqual([])
})

it('down stops the Postgres that is in the folder', async () => {
  expect(await ask('down')).toMatchObject({ status: 0, json: { stopped: true } })
  expect(await ask('down')).toMatchObject({ status: 0, json: { stopped: false } })
})
