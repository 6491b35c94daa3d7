import { expect, it } from 'vitest'
import { hasCode } from '../errors.ts'
import { checkCaller, isLoopback } from './hosts.ts'

function answer(headers: { host?: string; origin?: string }): string {
  try {
    checkCaller(headers)
  } catch (error) {
    if (hasCode(error)) return error.code
    throw error
  }
  return 'accepted'
}

it.each(['127.0.0.1:8000', 'localhost:8000', 'LOCALHOST', 'localhost', '[::1]:8000', '127.1.2.3:1'])(
  'answers to %s',
  (host) => {
    expect(answer({ host })).toBe('accepted')
  },
)

it.each([
  'evil.example',
  'evil.example:8000',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  'localhost:8000@evil.example',
  'localhost evil.example',
  '10.0.0.1:8000',
  '[::2]:8000',
  '::1',
  'localhost:',
  '',
])('refuses the Host "%s", as a name that was rebound to this machine would send', (host) => {
  expect(answer({ host })).toBe('host_refused')
})

it('refuses a request without a Host', () => {
  expect(answer({})).toBe('host_refused')
})

it('lets its own pages call, and no others', () => {
  const host = '127.0.0.1:8000'
  expect(answer({ host, origin: 'http://127.0.0.1:8000' })).toBe('accepted')
  for (const origin of ['http://evil.example', 'http://127.0.0.1:3000', 'http://localhost:8000', 'null', '']) {
    expect(answer({ host, origin })).toBe('origin_refused')
  }
})

it('knows the addresses that other machines can reach', () => {
  expect(['0.0.0.0', '::', '192.168.1.5', 'vigie.internal'].map(isLoopback)).toEqual([false, false, false, false])
})
