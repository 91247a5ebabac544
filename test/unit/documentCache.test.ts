/** What is remembered of documents has a weight, and a bound. */
import { parse } from 'graphql'
import { expect, test } from 'vitest'
import { createDocumentCaches } from '../../src/graphql/documentCache.ts'

const MB = 1024 * 1024
const large = (index: number): string => `{ a${index} ${'b '.repeat(1_990)} }`

test('2,000 different large documents weigh 32 MB at most, whoever sends them', () => {
  const { documentCache } = createDocumentCaches()
  const document = parse(large(0))
  for (let index = 0; index < 2_000; index += 1) documentCache.set(large(index), document)
  expect(documentCache.size).toBeGreaterThan(10)
  expect(documentCache.size).toBeLessThan(40)
  expect(documentCache.calculatedSize).toBeGreaterThan(20 * MB)
  expect(documentCache.calculatedSize).toBeLessThanOrEqual(32 * MB)
  expect(documentCache.get(large(1_999))).toBe(document)
  expect(documentCache.get(large(0))).toBeUndefined()
})

test('small ones have room for many', () => {
  const { documentCache } = createDocumentCaches()
  for (let index = 0; index < 2_000; index += 1) documentCache.set(`{ a${index} }`, parse(`{ a${index} }`))
  expect(documentCache.size).toBe(2_000)
})

test('one that is all comments is too heavy to be remembered', () => {
  const { documentCache } = createDocumentCaches()
  const text = `{ a ${'#\n'.repeat(50_000)} }`
  documentCache.set(text, parse(text))
  expect(documentCache.size).toBe(0)
})

test('errors of syntax weigh 1 MB at most', () => {
  const { errorCache } = createDocumentCaches()
  for (let index = 0; index < 2_000; index += 1) errorCache.set(`{ ${'b '.repeat(3_000)} ${index}`, new Error('Syntax Error'))
  errorCache.set(`{ a(b: "${'x'.repeat(90_000)}`, new Error('Syntax Error'))
  expect(errorCache.size).toBeGreaterThan(10)
  expect(errorCache.calculatedSize).toBeLessThanOrEqual(MB)
})
