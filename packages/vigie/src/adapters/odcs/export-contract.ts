import type { Project } from '../../define/project.ts'
import type { ColumnContract, RowRule, SourceContract } from '../../domain/contract.ts'
import type { Gates } from '../../domain/gates/gates.ts'
import { decimalShift } from '../../domain/proposal/decimal-shift.ts'
import type { FileRole } from '../../domain/proposal/draft.ts'
import { type ColumnTerms, type FileTerms, type ProjectTerms, VIGIE } from './vigie-terms.ts'

/** A document of the Open Data Contract Standard as plain data, ready for YAML. */
export type OdcsDocument = Readonly<Record<string, unknown>>

/**
 * The contracts of a project's files in the words of the Open Data Contract Standard 3.1.0: a schema object a file, a
 * property a column. What the standard has no word for stands in custom properties called `vigie`, so that
 * `importContract` gives the same contracts again. Model, monitor and promotion are no part of a data contract.
 */
export function exportContract(project: Project): OdcsDocument {
  const { first, gaps, manifest, maxBytes } = project.snapshots
  const terms: ProjectTerms = {
    definition: project.hash,
    snapshots: {
      first,
      ...(gaps === 'allow' ? { gaps } : {}),
      ...(manifest === undefined ? {} : { manifest }),
      ...(maxBytes === undefined ? {} : { maxBytes }),
    },
  }
  return {
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id: project.name,
    name: project.name,
    version: `1.0.0+${project.hash.slice(0, 12)}`,
    status: 'active',
    description: {
      purpose: `The files that feed the model ${project.model.name}, one delivery each ${project.snapshots.every}.`,
    },
    schema: Object.values(project.sources).map((contract) => schemaObject(project, contract)),
    customProperties: custom(terms),
  }
}

function custom(value: object): readonly object[] {
  return [{ property: VIGIE, value }]
}

function schemaObject(project: Project, contract: SourceContract): object {
  const role = roleOf(project, contract)
  const gates = project.gates[contract.name]!
  const { rowCount, ...otherGates } = gates
  const { eventTime, createdTime, extra, nulls, booleans, asOfColumn, badRows } = contract
  const terms: FileTerms = {
    role,
    eventTime,
    createdTime,
    extra,
    nulls: [...nulls],
    booleans: { true: [...booleans.true], false: [...booleans.false] },
    ...(asOfColumn === undefined ? {} : { asOfColumn }),
    ...(badRows === undefined ? {} : { badRows }),
    gates: otherGates,
  }
  const quality = [...rowCountChecks(rowCount), ...(contract.rules ?? []).map(ruleCheck)]
  return {
    name: contract.name,
    logicalType: 'object',
    physicalType: 'file',
    physicalName: `${contract.name}.csv`,
    dataGranularityDescription:
      eventTime === null
        ? `one row for each ${contract.key}`
        : `one row an event of a ${contract.key}, at ${eventTime}`,
    properties: [
      ...contract.columns.map((column) => property(column, contract)),
      ...contract.unused.map((name) => ({
        name,
        logicalType: 'string',
        physicalType: 'text',
        required: false,
        customProperties: custom({ unused: true } satisfies ColumnTerms),
      })),
    ],
    ...(quality.length === 0 ? {} : { quality }),
    customProperties: custom(terms),
  }
}

function roleOf({ featureViews, label }: Project, { name }: SourceContract): FileRole {
  if (label.from === name) {
    return { kind: 'label', column: label.column, horizon: label.horizon, arrives: label.arrives }
  }
  const view = Object.entries(featureViews).find(([, { from }]) => from === name)
  if (!view) return { kind: 'source' }
  const [viewName, { ttl, arrives, online, owner }] = view
  return { kind: 'view', name: viewName, ttl, arrives, online, owner }
}

const TYPES = {
  int: ['integer', 'int64'],
  float: ['number', 'float64'],
  boolean: ['boolean', 'boolean'],
  category: ['string', 'text'],
  string: ['string', 'text'],
  date: ['date', 'date'],
  timestamp: ['timestamp', 'timestamp'],
} as const satisfies Record<ColumnContract['type'], readonly [string, string]>

function property(column: ColumnContract, contract: SourceContract): object {
  const { name, type, optional, unique, sentinels, overlap, severity } = column
  const [logicalType, physicalType] = TYPES[type]
  const keys = [contract.key, contract.eventTime, contract.createdTime].filter((key) => key !== null)
  const position = keys.indexOf(name) + 1
  const options = typeOptions(column)
  const quality = columnChecks(column)
  const terms: ColumnTerms = {
    ...(sentinels === undefined ? {} : { sentinels: [...sentinels] }),
    ...(overlap === undefined ? {} : { overlap }),
    ...(severity === undefined ? {} : { severity }),
  }
  const listed = name === contract.key && contract.listedIn !== null
  return {
    name,
    logicalType,
    physicalType,
    required: !optional,
    ...(position === 0 ? {} : { primaryKey: true, primaryKeyPosition: position }),
    ...(unique || (position === 1 && keys.length === 1) ? { unique: true } : {}),
    ...(Object.keys(options).length === 0 ? {} : { logicalTypeOptions: options }),
    ...(listed ? { relationships: [{ type: 'foreignKey', to: `${contract.listedIn}.${contract.key}` }] } : {}),
    ...(quality.length === 0 ? {} : { quality }),
    ...(Object.keys(terms).length === 0 ? {} : { customProperties: custom(terms) }),
  }
}

function typeOptions({ type, min, max, zone }: ColumnContract): object {
  switch (type) {
    case 'int':
    case 'float':
      return { ...(min === undefined ? {} : { minimum: min }), ...(max === undefined ? {} : { maximum: max }) }
    case 'date':
      return { format: 'yyyy-MM-dd' }
    case 'timestamp':
      return zone === undefined ? { timezone: true } : { timezone: false, defaultTimezone: zone }
    default:
      return {}
  }
}

function columnChecks({ categories, maxNullRate, severity }: ColumnContract): readonly object[] {
  return [
    ...(categories === undefined
      ? []
      : [{ type: 'library', metric: 'invalidValues', arguments: { validValues: categories }, mustBe: 0 }]),
    ...(maxNullRate === undefined
      ? []
      : [
          {
            type: 'library',
            metric: 'nullValues',
            mustBeLessOrEqualTo: decimalShift(maxNullRate, 2),
            unit: 'percent',
            severity: severity === 'hold' ? 'warning' : 'error',
          },
        ]),
  ]
}

function rowCountChecks(rowCount: Gates['rowCount']): readonly object[] {
  if (rowCount === null) return []
  const check = (bound: object) => ({
    type: 'library',
    metric: 'rowCount',
    ...bound,
    severity: rowCount.severity === 'hold' ? 'warning' : 'error',
  })
  return [
    ...(rowCount.min === null ? [] : [check({ mustBeGreaterOrEqualTo: rowCount.min })]),
    ...(rowCount.max === null ? [] : [check({ mustBeLessOrEqualTo: rowCount.max })]),
  ]
}

function ruleCheck(rule: RowRule): object {
  return {
    type: 'custom',
    engine: VIGIE,
    name: rule.name,
    severity: rule.severity === 'hold' ? 'warning' : 'error',
    implementation: rule,
  }
}
