import { expect, test } from 'vitest'
import { type ReadLabels, takeLabels } from './labels.ts'

const nothingSaid = { task: null, positive: null, classes: null } as const

function read(texts: readonly string[]): ReadLabels {
  const names = [...new Set(texts)]
  const numbers = Float64Array.from(texts, (text) => (text === '' ? Number.NaN : Number(text)))
  return {
    column: 'y',
    codes: Int32Array.from(texts, (text) => names.indexOf(text)),
    names,
    firstLines: names.map((name) => texts.indexOf(name) + 2),
    numbers: numbers.some(Number.isNaN) ? null : numbers,
  }
}

test.each([
  ['0 and 1', ['0', '1', '1'], [0, 1, 1]],
  ['0.0 and 1.0', ['1.0', '0.0'], [1, 0]],
  ['true and false', ['true', 'False'], [1, 0]],
])('labels %s are two classes', (_, texts, y) => {
  const taken = takeLabels(read(texts), ['p'], nothingSaid)
  expect([...taken.y]).toEqual(y)
  expect(taken.kind).toBe('binary')
})

test('two other texts need to be told which is class 1', () => {
  const labels = read(['stays', 'leaves', 'stays'])
  expect(() => takeLabels(labels, ['p'], nothingSaid)).toThrow(expect.objectContaining({ code: 'label_unclear' }))
  const taken = takeLabels(labels, ['p'], { ...nothingSaid, positive: 'leaves' })
  expect([...taken.y]).toEqual([0, 1, 0])
  expect(taken.classes).toEqual(['stays', 'leaves'])
})

test('more than two numbers are numbers, and two that are not 0 and 1 are not guessed', () => {
  expect(takeLabels(read(['1.5', '2', '-3']), ['p'], nothingSaid).kind).toBe('number')
  expect(() => takeLabels(read(['1', '2']), ['p'], nothingSaid)).toThrow(
    expect.objectContaining({ code: 'label_unclear', hint: expect.stringContaining('--task number') }),
  )
  expect(takeLabels(read(['1', '2']), ['p'], { ...nothingSaid, task: 'number' }).kind).toBe('number')
})

test('several score columns are classes, by their names, by their places, or as said', () => {
  const animals = read(['cat', 'dog', 'bird', 'dog'])
  expect(takeLabels(animals, ['p_bird', 'p_cat', 'p_dog'], nothingSaid).classes).toEqual(['bird', 'cat', 'dog'])
  expect([...takeLabels(animals, ['bird', 'cat', 'dog'], nothingSaid).y]).toEqual([1, 2, 0, 2])
  expect([...takeLabels(read(['2', '0', '1']), ['a', 'b', 'c'], nothingSaid).y]).toEqual([2, 0, 1])
  expect(() => takeLabels(animals, ['a', 'b', 'c'], nothingSaid)).toThrow(
    expect.objectContaining({ code: 'label_unclear', hint: expect.stringContaining('--classes') }),
  )
  const said = { ...nothingSaid, classes: ['dog', 'cat', 'bird'] }
  expect([...takeLabels(animals, ['a', 'b', 'c'], said).y]).toEqual([1, 0, 2, 0])
  expect(() => takeLabels(animals, ['a', 'b'], { ...nothingSaid, classes: ['dog', 'cat'] })).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ value: 'line 4: "bird"' }) }),
  )
})

test('texts that are asked to be numbers are told with their line', () => {
  expect(() => takeLabels(read(['1', 'x', '3']), ['p'], { ...nothingSaid, task: 'number' })).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ value: 'line 3: "x"' }) }),
  )
})
