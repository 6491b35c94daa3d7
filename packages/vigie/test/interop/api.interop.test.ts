import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { ask, noPeers, runModule } from './peers.ts'
import { served } from './served.ts'

interface Report {
  readonly phases: Readonly<Record<string, { readonly status: string }>>
  readonly operations: { readonly total: number; readonly tested: number }
  readonly test_cases: { readonly generated: number }
  readonly failures: readonly unknown[]
  readonly errors: readonly unknown[]
  readonly warnings: Readonly<Record<string, readonly string[]>>
  /** By operation and phase: how the valid requests were answered. */
  readonly valid_rates: Readonly<Record<string, Readonly<Record<string, { readonly accepted: number }>>>>
}

interface Family {
  readonly name: string
  readonly type: string
  readonly samples: readonly {
    readonly name: string
    readonly labels: Readonly<Record<string, string>>
    readonly value: string
  }[]
}

/** Which rows are legal is said by the definition, and that a range begins before it ends by nobody's JSON Schema. */
const WRITES = ['/push', '/write-to-online-store', '/materialize', '/materialize-incremental']
// `--checks=all` would turn it on again: all are on without it.
const SEMANTIC = (path: string) => `
[[operations]]
include-path = "${path}"
warnings = false
checks.positive_data_acceptance.enabled = false`

/** Half of what is asked for by name is there: keys, dates, and the reports that are about more than a date. */
const settings = (keys: readonly string[], dates: readonly string[], named: Readonly<Record<string, string[]>>) => `
[dictionaries]
keys = { values = ${JSON.stringify(keys)} }
dates = { values = ${JSON.stringify(dates)} }
${Object.entries(named)
  .map(([kind, names]) => `${kind} = { values = ${JSON.stringify(names)} }`)
  .join('\n')}

[parameters]
"path.user_id" = { dictionary = "keys", probability = 0.5 }
"body.user_id" = { dictionary = "keys", probability = 0.5 }
"path.as_of" = { dictionary = "dates", probability = 0.5 }
${Object.keys(named)
  .map((kind) => `"path.${kind}" = { dictionary = "${kind}", probability = 0.5 }`)
  .join('\n')}

# Fields that a later Feast may add are ignored, but for what is legal nowhere (NUL, integers beyond 2^53): the description
# cannot say so of fields that it does not know.
${['/get-online-features', ...WRITES].map((path) => SEMANTIC(path)).join('\n')}
`

describe.skipIf(noPeers)('the API', () => {
  const server = served()

  test('answers whatever schemathesis sends as its description says, and never with a fault', {
    timeout: 300_000,
  }, async () => {
    const config = path.join(server.folder, 'schemathesis.toml')
    const reportFile = path.join(server.folder, 'report.json')
    const { reports } = (await (await fetch(`${server.url}/reports`)).json()) as { reports: { html: string }[] }
    const ofKind = (kind: string) => reports.flatMap(({ html }) => html.split(`/reports/${kind}/`)[1] ?? [])
    const named = { delivery: ofKind('validation'), comparison: ofKind('comparison'), card: ofKind('card') }
    for (const [kind, names] of Object.entries(named)) expect(names, kind).not.toHaveLength(0)
    writeFileSync(config, settings(server.keys().slice(0, 20), ['2024-02-29', '2024-03-31'], named))
    const { status, output } = await runModule(
      'schemathesis.cli',
      [
        '--config-file',
        config,
        'run',
        `${server.url}/openapi.json`,
        '--phases=examples,coverage,fuzzing,stateful',
        '--max-examples=100',
        '--seed=7',
        '--generation-database=none',
        '--continue-on-failure',
        '--no-color',
        '--report=json',
        `--report-json-path=${reportFile}`,
      ],
      server.folder,
    )
    expect(status, output).toBe(0)
    const report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report
    expect(report.failures).toEqual([])
    expect(report.errors).toEqual([])
    expect(Object.entries(report.warnings).filter(([, operations]) => operations.length > 0)).toEqual([])
    for (const phase of ['examples', 'coverage', 'fuzzing', 'stateful']) {
      expect({ phase, status: report.phases[phase]?.status }).toEqual({ phase, status: 'success' })
    }
    expect(report.operations.tested).toBe(report.operations.total)
    expect(report.test_cases.generated).toBeGreaterThan(1000)
    for (const [operation, phases] of Object.entries(report.valid_rates)) {
      const accepted = Object.values(phases).reduce((sum, phase) => sum + phase.accepted, 0)
      if (!WRITES.some((path) => operation.endsWith(path)))
        expect(accepted, `accepted requests of ${operation}`).toBeGreaterThan(0)
    }
  })

  test('has metrics that Prometheus reads, with labels from closed sets whatever was asked', async () => {
    const page = await (await fetch(`${server.url}/metrics`)).text()
    const { paths } = (await (await fetch(`${server.url}/openapi.json`)).json()) as { paths: Record<string, unknown> }
    const routes = [...Object.keys(paths).map((url) => url.replaceAll(/\{(\w+)\}/g, ':$1')), 'none']
    const families = await ask<Family[]>('prometheus.py', page)
    const samples = families.flatMap((family) => family.samples)
    const named = (name: string) => samples.filter((sample) => sample.name === name)

    const requests = named('api_requests_total')
    expect(families.find(({ name }) => name === 'api_requests')?.type).toBe('counter')
    expect(families.find(({ name }) => name === 'api_request_latency_seconds')?.type).toBe('histogram')
    for (const { labels } of requests) {
      expect(Object.keys(labels).sort()).toEqual(['route', 'status'])
      expect(labels.status).toMatch(/^[1-5]\d\d$/)
    }
    const used = samples.flatMap(({ labels }) => (labels.route === undefined ? [] : [labels.route]))
    expect(routes).toEqual(expect.arrayContaining(used))
    expect(requests.map(({ labels }) => labels)).toContainEqual({ route: '/predict', status: '200' })
    expect(requests.filter(({ labels }) => labels.status!.startsWith('5'))).toEqual([])

    const counts = named('api_request_latency_seconds_count')
    const sum = (of: typeof samples) => of.reduce((total, { value }) => total + Number(value), 0)
    expect(sum(counts)).toBe(sum(requests))
    for (const { labels, value } of counts) {
      const buckets = named('api_request_latency_seconds_bucket').filter((b) => b.labels.route === labels.route)
      expect(buckets.at(-1)).toMatchObject({ labels: { le: '+Inf' }, value })
      const upTo = buckets.map((bucket) => Number(bucket.value))
      expect(upTo).toEqual(upTo.toSorted((a, b) => a - b))
    }
  })
})
