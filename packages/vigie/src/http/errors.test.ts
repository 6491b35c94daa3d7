import { expect, it } from 'vitest'
import { catalogue, type ErrorCode, VigieError } from '../errors.ts'
import { asVigieError, Problem, problem, statusOf } from './errors.ts'

it('gives every code of the catalogue a status that says who must act', () => {
  for (const [code, { kind }] of Object.entries(catalogue)) {
    const status = statusOf(code as ErrorCode)
    const expected = kind === 'internal' || kind === 'integrity' || kind === 'temporary' ? '5' : '4'
    if (code === 'no_champion') expect(status).toBe(503)
    else if (code === 'request_timeout') expect(status).toBe(408)
    else expect(`${code} ${status}`).toMatch(new RegExp(` ${expected}\\d\\d$`))
  }
})

it('says rule, value and next action, and nothing else of the details', () => {
  const error = new VigieError('unknown_field', 'there is no field "x"', {
    rule: 'r',
    value: 'x',
    field: '/x',
    path: '/etc',
  })
  const body = problem(error)
  expect(body).toEqual({
    type: 'urn:problem-type:vigie:unknown_field',
    title: 'unknown field',
    status: 422,
    code: 'unknown_field',
    detail: 'there is no field "x"',
    hint: catalogue.unknown_field.hint,
    rule: 'r',
    value: 'x',
    field: '/x',
  })
  expect(Problem.safeParse(body).success).toBe(true)
})

it('keeps the text of a fault in the log: it may name paths or values', () => {
  const error = asVigieError(new TypeError('cannot read /home/someone/.vigie'))
  expect(error.code).toBe('internal')
  expect(JSON.stringify(problem(error))).not.toContain('someone')
})
