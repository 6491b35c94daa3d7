import path from 'node:path'
import { TrainingKeys } from '../../domain/training-keys.ts'
import type { Tasks } from '../../ports/compute.ts'
import { readDelivered } from './profile-delivered.ts'

/** Fingerprints of the rows that a CSV file names, gzipped or not. The keys themselves go nowhere. In a worker thread. */
export async function readTrainingKeys({
  file,
  key,
  asOf,
  secret,
}: Tasks['trainingKeys']['input']): Promise<Tasks['trainingKeys']['output']> {
  const keys = new TrainingKeys(path.basename(file), key, asOf)
  await readDelivered(file, (chunk) => {
    keys.push(chunk)
    return true
  })
  return keys.end(secret)
}
