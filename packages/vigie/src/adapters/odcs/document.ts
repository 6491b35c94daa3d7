import { z } from 'zod'

// The parts of an ODCS 3 document that say what data must be. The standard has many more (people, prices, servers); they
// are no rules about files and are not read.

const customProperties = z.array(z.looseObject({ property: z.string(), value: z.unknown() })).optional()

const quality = z.looseObject({
  type: z.string().optional(),
  metric: z.string().optional(),
  /** The name of `metric` before 3.1. */
  rule: z.string().optional(),
  name: z.string().optional(),
  description: z.string().optional(),
  arguments: z.record(z.string(), z.unknown()).optional(),
  unit: z.string().optional(),
  severity: z.string().optional(),
  engine: z.string().optional(),
  implementation: z.unknown().optional(),
  validValues: z.array(z.unknown()).optional(),
})
export type Quality = z.infer<typeof quality>

const property = z.looseObject({
  name: z.string(),
  logicalType: z.string().optional(),
  physicalType: z.string().optional(),
  required: z.boolean().optional(),
  unique: z.boolean().optional(),
  primaryKey: z.boolean().optional(),
  primaryKeyPosition: z.number().optional(),
  logicalTypeOptions: z.record(z.string(), z.unknown()).optional(),
  enum: z.array(z.looseObject({ value: z.unknown() })).optional(),
  relationships: z.array(z.looseObject({ to: z.unknown() })).optional(),
  quality: z.array(quality).optional(),
  customProperties,
})
export type Property = z.infer<typeof property>

const schemaObject = z.looseObject({
  name: z.string(),
  physicalName: z.string().optional(),
  description: z.string().optional(),
  properties: z.array(property).optional(),
  relationships: z.array(z.unknown()).optional(),
  quality: z.array(quality).optional(),
  customProperties,
})
export type SchemaObject = z.infer<typeof schemaObject>

export const odcsDocument = z.looseObject({
  apiVersion: z.string().regex(/^v3\./, 'is no version 3 of the standard'),
  kind: z.literal('DataContract'),
  id: z.string(),
  name: z.string().optional(),
  schema: z.array(schemaObject).min(1),
  customProperties,
})
export type OdcsContract = z.infer<typeof odcsDocument>
