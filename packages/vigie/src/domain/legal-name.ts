const NAME = /^[a-z][a-z0-9_]{0,62}$/
/** Names that mean something to JavaScript objects; data with such names is refused everywhere. */
const RESERVED = new Set(['__proto__', 'constructor', 'prototype', 'tostring', 'hasownproperty', 'valueof'])

/** What `isLegalName` asks for, for people. */
export const LEGAL_NAME =
  'names are lower-case letters, digits and _, begin with a letter and have at most 63 characters'

/** True for what columns, sources, views, projects and models may be called: safe as identifier, path and object key. */
export function isLegalName(name: string): boolean {
  return NAME.test(name) && !RESERVED.has(name)
}
