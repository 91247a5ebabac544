/**
 * Answers that have one of several shapes at one status: the documents describe them by `oneOf`, and each body fits exactly one shape.
 */
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { alternatives } from '../../../src/rest/openapi/alternatives.ts'
import { createComponents } from '../../../src/rest/openapi/schemas.ts'
import { type Name, names } from '../../openapi/committed.ts'
import { validatorOf } from '../../openapi/examples.ts'
import { generated } from '../../openapi/generated.ts'
import { at, holdersOf, type JsonObject, list } from '../../support/openApiDocument.ts'

type Settings = Readonly<Record<string, string>>

/** The answers of several shapes: where, and the names of the shapes. */
const answersOf = (document: JsonObject) =>
  holdersOf(document)
    .map(({ pointer, value }) => ({ pointer, shapes: list(at(value, 'schema').oneOf ?? at(value, 'schema').anyOf), value }))
    .filter(({ shapes }) => shapes.length > 0)

const nameOf = (shape: JsonObject): unknown => {
  const { $ref = list(shape.allOf)[0]?.$ref } = shape
  return typeof $ref === 'string' ? $ref.split('/').pop() : shape.type
}

const found = (name: Name, settings: Settings = {}) =>
  answersOf(generated(name, settings)).map(({ pointer, shapes }) => [
    pointer.replace('/paths/', '').replaceAll('~1', '/').replace('/content/application/json', ''),
    shapes.map(nameOf),
  ])

const IN_200 = { WEKAN_ERROR_STATUS: '200' }

it('a login of idiot and of xiot is answered by tokens or by a login code', () => {
  expect(found('idiot')).toEqual([['/auth/login/post/responses/200', ['SignedIn', 'TwoFactorRequired']]])
  expect(found('xiot')).toEqual([['/auth/login/post/responses/200', ['SignedIn', 'TwoFactorRequired']]])
})

it('a 401 of a login of authentication is an error, with or without a login code', () => {
  expect(found('authentication')).toEqual([['/auth/login/post/responses/401', ['Error', 'TwoFactorRequired']]])
})

it('an answer of wekan has two shapes only where errors have the status 200', () => {
  expect(found('wekan')).toEqual([])
  expect(found('wekan', IN_200)).toEqual([
    ['/api/users/post/responses/200', ['CreatedUser', 'MeteorError']],
    ['/api/users/get/responses/200', ['array', 'MeteorError']],
    ['/api/users/{id}/get/responses/200', ['UserDocument', 'MeteorError', 'object']],
    ['/api/users/{id}/delete/responses/200', ['DeletedUser', 'MeteorError']],
    ['/api/users/{id}/put/responses/200', ['UserDocument', 'MeteorError']],
    ['/api/user/get/responses/200', ['OwnDocument', 'MeteorError']],
  ])
})

it.each<[Name, Settings]>([...names.map((name): [Name, Settings] => [name, {}]), ['wekan', IN_200]])(
  'each printed body of an answer of several shapes of %s under %j fits exactly one of them',
  (name, settings) => {
    const document = generated(name, settings)
    const wrongWith = validatorOf(document)
    for (const { pointer, shapes, value } of answersOf(document))
      for (const [example, { value: body }] of Object.entries(at(value, 'examples') as Record<string, JsonObject>)) {
        const fitting = shapes.filter((_, index) => wrongWith(`${pointer}/schema/oneOf/${index}`, body) === '')
        expect([pointer, example, fitting.length]).toEqual([pointer, example, 1])
      }
  },
)

it('a login of idiot shows the tokens first', () => {
  const [{ value } = { value: {} }] = answersOf(generated('idiot'))
  expect(Object.keys(at(value, 'examples'))).toEqual(['success', 'TWO_FACTOR_REQUIRED'])
})

describe('the shapes of one answer', () => {
  const printed = (...shapes: z.ZodType[]) => {
    const components = createComponents()
    return alternatives(
      shapes.map((shape) => components.add(shape)),
      components,
    )
  }
  const text = z.string()
  const object = (...required: string[]) => ({
    type: 'object',
    properties: Object.fromEntries(required.map((name) => [name, { type: 'string' }])),
    required,
  })

  it('a single shape is printed as it is', () => {
    expect(printed(z.object({ a: text }))).toEqual(object('a'))
  })

  it('shapes that each require what the other does not have are alternatives as they are', () => {
    expect(printed(z.object({ a: text }), z.object({ b: text }))).toEqual({ oneOf: [object('a'), object('b')] })
  })

  const named = z.object({ a: text }).meta({ id: 'Named' })
  const having = (name: string) => ({ properties: { [name]: {} }, required: [name] })

  it('a shape that is part of another excludes what the other requires in addition', () => {
    expect(printed(z.object({ a: text }), z.object({ a: text, b: text }))).toEqual({
      oneOf: [{ ...object('a'), not: having('b') }, object('a', 'b')],
    })
  })

  it('a reference excludes it beside `allOf`', () => {
    expect(printed(named, z.object({ a: text, b: text }))).toEqual({
      oneOf: [{ allOf: [{ $ref: '#/components/schemas/Named' }], not: having('b') }, object('a', 'b')],
    })
  })

  it('a shape that is part of two others excludes both', () => {
    const [more, most] = [z.object({ a: text, b: text }), z.object({ a: text, c: text })]
    expect(printed(z.object({ a: text }), more, most)).toEqual({
      oneOf: [{ ...object('a'), not: { anyOf: [having('b'), having('c')] } }, object('a', 'b'), object('a', 'c')],
    })
  })

  it('a closed shape excludes everything by itself', () => {
    const closed = { type: 'object', properties: {}, additionalProperties: false }
    expect(printed(z.strictObject({}), z.object({ a: text }))).toEqual({ oneOf: [closed, object('a')] })
  })

  it('shapes that no property tells apart are not alternatives', () => {
    expect(printed(z.object({ a: text }), z.object({ a: text, b: text.optional() }))).toMatchObject({ anyOf: [{}, {}] })
  })
})
