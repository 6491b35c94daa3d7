import { type ErrorCode, VigieError } from '../../errors.ts'
import { type FeatureColumn, type FeatureType, featureSpecHash } from '../feature-spec.ts'
import type { Frame } from '../frame.ts'
import type { LabelColumn } from '../label-column.ts'
import { type ColumnKind, type ColumnPair, columnPair } from './column-pair.ts'
import { defaultTest } from './default-test.ts'
import { type DriftedWhen, driftTests, isDrifted, type TestName } from './drift-tests.ts'
import { type Picture, picture } from './picture.ts'
import { type ColumnSummary, summary } from './summary.ts'
import { type TargetDrift, targetDrift } from './target-drift.ts'

/** One judged column: the verdict, and what is needed to draw it. */
export interface ColumnDrift {
  /** `view.feature`, or `label`. */
  readonly name: string
  readonly type: FeatureType
  readonly test: TestName
  readonly score: number
  readonly threshold: number
  /** `drifted` is `score <driftedWhen> threshold`. */
  readonly driftedWhen: DriftedWhen
  readonly drifted: boolean
  readonly reference: ColumnSummary
  readonly current: ColumnSummary
  readonly picture: Picture
}

/** A column that no test can judge. It has not drifted and it has not stayed: nothing is known. */
export interface NotTestable {
  readonly name: string
  readonly code: ErrorCode
  readonly why: string
}

/** Inputs of two dates compared, column by column. Plain JSON: it travels and is kept as it is. */
export interface DriftReport {
  /** Drifted features / judged features of the model, 0 to 1. Null when none could be judged. */
  readonly share: number | null
  /**
   * The same as the reference stack counts it: the label counts as a feature, and so does the key, which it takes for
   * text. Drifted among features and label / (features + 2). Null without labels on both sides.
   */
  readonly referenceShare: number | null
  /** In the order of the model's inputs. */
  readonly features: readonly ColumnDrift[]
  readonly notTestable: readonly NotTestable[]
  /** Null when either side came without labels. */
  readonly label: ColumnDrift | null
  /** Null when either side came without labels. */
  readonly targetDrift: TargetDrift | null
}

/**
 * Compares the model's inputs and the label of two periods by Evidently's default tests.
 *
 * Numbers are judged as numbers, booleans and categories as labels. Nulls are dropped before a test and reported beside
 * it. Throws `feature_spec_mismatch` when the frames have different columns.
 */
export function driftReport({
  reference,
  current,
  labelColumn = { type: 'boolean' },
}: {
  readonly reference: Frame
  readonly current: Frame
  /** What the labels of the frames are; booleans by default. */
  readonly labelColumn?: Omit<LabelColumn, 'column'>
}): DriftReport {
  checkSameColumns(reference, current)
  const features: ColumnDrift[] = []
  const notTestable: NotTestable[] = []
  reference.spec.forEach((feature, i) => {
    const result = columnDrift(feature, reference.columns[i]!, current.columns[i]!)
    if ('code' in result) notTestable.push(result)
    else features.push(result)
  })
  const label = labelDrift(labelColumn, reference.label, current.label)
  const drifted = features.filter((feature) => feature.drifted).length
  return {
    share: features.length === 0 ? null : drifted / features.length,
    referenceShare: label && (drifted + Number(label.drifted)) / (features.length + 2),
    features,
    notTestable,
    label,
    targetDrift: label && targetDrift(labelColumn, reference.label!, current.label!),
  }
}

/**
 * Judges one column by Evidently's default test, and describes it. Codes of a category are places in its `categories`.
 * `column_without_values` when a side has no value, `score_not_finite` when the score leaves float64.
 */
export function columnDrift(
  feature: Pick<FeatureColumn, 'name' | 'type' | 'categories'>,
  reference: Float64Array,
  current: Float64Array,
): ColumnDrift | NotTestable {
  const { name, type } = feature
  const column = columnPair(kindOf(type), reference, current, type === 'int')
  if (column.reference.length === 0 || column.current.length === 0) {
    return { name, code: 'column_without_values', why: withoutValues(column, reference.length, current.length) }
  }
  const testName = defaultTest(column)
  const test = driftTests[testName]
  const score = test.score(column)
  if (!Number.isFinite(score)) {
    return { name, code: 'score_not_finite', why: `${test.title} of values this large leaves the range of float64` }
  }
  return {
    name,
    type,
    test: testName,
    score,
    threshold: test.threshold,
    driftedWhen: test.driftedWhen,
    drifted: isDrifted(score, test),
    reference: summary(column, 'reference', reference.length),
    current: summary(column, 'current', current.length),
    picture: picture(column, feature),
  }
}

function kindOf(type: FeatureType): ColumnKind {
  return type === 'int' || type === 'float' ? 'num' : 'cat'
}

function withoutValues({ reference, current }: ColumnPair, referenceRows: number, currentRows: number): string {
  const sides: string[] = []
  if (reference.length === 0) sides.push(`none of ${referenceRows} reference rows`)
  if (current.length === 0) sides.push(`none of ${currentRows} current rows`)
  return `${sides.join(' and ')} has a value`
}

function labelDrift(
  label: Omit<LabelColumn, 'column'>,
  reference: Float64Array | null,
  current: Float64Array | null,
): ColumnDrift | null {
  if (reference === null || current === null) return null
  const result = columnDrift({ ...label, name: 'label' }, reference, current)
  return 'code' in result ? null : result
}

function checkSameColumns(reference: Frame, current: Frame): void {
  if (featureSpecHash(reference.spec) === featureSpecHash(current.spec)) return
  const names = (frame: Frame) => frame.spec.map(({ name, type }) => `${name}: ${type}`).join(', ')
  throw new VigieError('feature_spec_mismatch', 'the two periods do not have the same columns', {
    rule: 'both periods are read with the same feature spec',
    value: `${names(reference)} against ${names(current)}`.slice(0, 200),
    hint: 'Read both periods with the features of one model.',
  })
}
