import type { ErrorCode } from '../../errors.ts'
import type { BrokenRule } from '../contract.ts'
import { columnsSwapped } from './columns-swapped.ts'
import { constantColumn } from './constant-column.ts'
import { freshness } from './freshness.ts'
import type { Gated, GateReading } from './gate.ts'
import type { GateName, Gates } from './gates.ts'
import { nullRateJump } from './null-rate-jump.ts'
import { rowCount } from './row-count.ts'
import { sentinelSpike } from './sentinel-spike.ts'
import { unitChange } from './unit-change.ts'
import { volume } from './volume.ts'

interface Gate<N extends GateName> {
  readonly code: ErrorCode
  readonly rule: string
  /** True when it compares with the file before. */
  readonly compares: boolean
  readonly ask: (settings: NonNullable<Gates[N]>, gated: Gated) => readonly BrokenRule[]
}

/** All gates, in the order in which their findings are told. */
export const GATES: { readonly [N in GateName]: Gate<N> } = {
  rowCount: { code: 'row_count', rule: 'the number of rows is within its bounds', compares: false, ask: rowCount },
  volume: { code: 'volume_gate', rule: 'about as many rows as before', compares: true, ask: volume },
  columnsSwapped: {
    code: 'columns_swapped',
    rule: 'no two columns changed places',
    compares: true,
    ask: columnsSwapped,
  },
  unitChange: { code: 'unit_change', rule: 'no column changed its unit', compares: true, ask: unitChange },
  constantColumn: { code: 'constant_column', rule: 'no column became constant', compares: true, ask: constantColumn },
  sentinelSpike: { code: 'sentinel_spike', rule: 'no single value took over', compares: true, ask: sentinelSpike },
  nullRateJump: { code: 'null_rate_jump', rule: 'no column lost its values', compares: true, ask: nullRateJump },
  freshness: { code: 'stale_data', rule: 'the newest row is recent', compares: false, ask: freshness },
}

/** Asks every gate that is on. */
export function readGates(gates: Gates, gated: Gated): readonly GateReading[] {
  return (Object.keys(GATES) as GateName[]).flatMap((name) => {
    const settings = gates[name]
    return settings === null ? [] : [reading(GATES[name] as Gate<GateName>, settings as never, gated)]
  })
}

function reading(gate: Gate<GateName>, settings: never, gated: Gated): GateReading {
  const { code, rule, compares } = gate
  if (compares && gated.before === null) {
    return { code, rule, unasked: 'there is no earlier file to compare with', broken: [] }
  }
  return { code, rule, unasked: null, broken: gate.ask(settings, gated) }
}
