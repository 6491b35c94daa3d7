import project from '../../../../examples/streamflow/vigie.config.ts'
import type { Frame } from '../../src/domain/frame.ts'
import { sharedPath } from '../shared.ts'
import { table } from './golden-pair.ts'

/** The two real months as frames of the example's features, with labels. Null when they are not on this machine. */
export function streamflowMonths(): { readonly reference: Frame; readonly current: Frame } | null {
  const folder = sharedPath('golden', 'drift', 'streamflow')
  return folder === null ? null : { reference: month(folder, 'ref'), current: month(folder, 'cur') }
}

function month(folder: string, side: 'ref' | 'cur'): Frame {
  const texts = table(folder, side)
  const spec = project.model.features
  const internet = texts.get('net_service')!
  const columns = spec.map(({ feature, type, categories }) =>
    Float64Array.from(texts.get(feature)!, (text, row) => {
      // The golden shows these two as true for users without internet; in the deliveries they are null.
      if (feature.startsWith('plan_stream') && internet[row] === 'No') return Number.NaN
      if (type === 'category') return categories!.indexOf(text)
      return type === 'boolean' ? Number(text === 'True') : Number(text)
    }),
  )
  const label = Float64Array.from(texts.get('churn_label')!, (text) => Number(text === 'True'))
  return { spec, keys: texts.get('user_id')!, columns, label }
}
