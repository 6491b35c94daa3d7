import { readFileSync } from 'node:fs'
import { join } from 'node:path'

interface PairedScores {
  readonly name: string
  readonly y: readonly number[]
  readonly champion: readonly number[]
  readonly challenger: readonly number[]
}

/** Inputs and expected outputs of the promotion gate, computed by an independent implementation. */
export interface GateVectors {
  readonly delongPaired: readonly (PairedScores & {
    readonly componentsChampion?: readonly number[]
    readonly componentsChallenger?: readonly number[]
    readonly expect: {
      readonly aucA: number
      readonly aucB: number
      readonly gain: number
      readonly se: number
      readonly df: number | null
      readonly lower?: Readonly<Record<string, number>>
    }
  })[]
  readonly delongClustered: readonly (PairedScores & {
    readonly entity: readonly string[]
    readonly expect: {
      readonly aucA: number
      readonly aucB: number
      readonly gain: number
      readonly se: number
      readonly df: number
    }
    /** The variance that ignores the entities. */
    readonly deLongVar: number
  })[]
  readonly bca: {
    readonly y: readonly number[]
    readonly champion: readonly number[]
    readonly challenger: readonly number[]
    /** Rows of each resample. */
    readonly resamples: readonly (readonly number[])[]
    readonly cases: readonly {
      readonly metric: string
      readonly estimate: number
      readonly replicates: readonly number[]
      readonly jackknife: readonly number[]
      readonly expect: { readonly z0: number; readonly a: number; readonly lower: number; readonly upper: number }
    }[]
  }
  readonly mcnemar: readonly {
    readonly onlyChampionRight: number
    readonly onlyChallengerRight: number
    readonly expect: { readonly midPOneSided: number; readonly exactOneSided: number }
  }[]
  readonly f1Matched: PairedScores & {
    readonly flagged: number
    readonly expect: {
      readonly f1Champion: number
      readonly f1Challenger: number
      readonly gain: number
      readonly se: number
    }
  }
  readonly holm: readonly {
    readonly p: readonly number[]
    readonly alpha: number
    readonly expect: readonly boolean[]
  }[]
  readonly alphaSpending: {
    readonly alpha: number
    readonly looks: number
    readonly table: Readonly<Record<string, number>>
    readonly sumAll: number
  }
  readonly alphaCounter: {
    readonly events: readonly {
      readonly event: string
      readonly day: number
      readonly windowStart?: number
      readonly counterAfter: number
      readonly alpha: number | null
    }[]
  }
  readonly fingerprints: {
    readonly keyHex: string
    readonly cases: readonly {
      readonly domain: string
      readonly values: readonly unknown[]
      readonly fp64: string
    }[]
  }
  readonly decisions: readonly {
    readonly name: string
    readonly policy: Readonly<Record<string, unknown>> & { readonly hash: string }
    readonly evidence: Readonly<Record<string, unknown>> & { readonly policyHash: string }
    readonly expect: {
      readonly outcome: string
      readonly alpha: number
      readonly reasons: readonly {
        readonly kind: string
        readonly code: string
        readonly value: unknown
        readonly bound: unknown
        readonly slice?: string
        readonly fix?: { readonly minDetectableGain80: number }
      }[]
    }
  }[]
}

/** Metrics of four data sets by scikit-learn 1.7.2, and DeLong's variances by the O(mn) definition. */
export interface MetricVectors {
  readonly vectors: readonly {
    readonly name: string
    readonly y: readonly number[]
    readonly score: readonly number[]
    readonly score_b: readonly number[]
    readonly weight: readonly number[]
    readonly metrics_weighted: Readonly<Record<string, number>>
    readonly metrics: Readonly<Record<string, number>>
    readonly metrics_score_b: Readonly<Record<string, number>>
    readonly delong: Readonly<Record<'auc' | 'auc_b' | 'var' | 'var_b' | 'var_diff' | 'z' | 'p_two_sided', number>>
  }[]
}

export const gateVectors = read<GateVectors>('gate-vectors.json')
export const metricVectors = read<MetricVectors>('metric-vectors.json')

function read<T>(file: string): T {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures', file), 'utf8')) as T
}
