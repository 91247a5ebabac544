/**
 * Zod schemas as JSON Schema: names become components, "or null" is one schema with two types where that says the same, and examples
 * stay what they are.
 */
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createComponents } from '../../../src/rest/openapi/schemas.ts'

const schemaOf = (schema: z.ZodType) => createComponents().add(schema)

describe('text or null', () => {
  it.each([
    ['bare', z.string().nullable(), { type: ['string', 'null'] }],
    ['with a length', z.string().max(5).nullable(), { type: ['string', 'null'], maxLength: 5 }],
    ['with a format', z.email().nullable(), expect.objectContaining({ type: ['string', 'null'], format: 'email' })],
    ['of a list', z.enum(['a', 'b']).nullable(), { anyOf: [{ type: 'string', enum: ['a', 'b'] }, { type: 'null' }] }],
    ['of one value', z.literal('a').nullable(), { anyOf: [{ type: 'string', const: 'a' }, { type: 'null' }] }],
    ['or a number', z.union([z.string().max(5), z.number()]), { anyOf: [{ type: 'string', maxLength: 5 }, { type: 'number' }] }],
    [
      'with words of its own',
      z.string().max(5).meta({ description: 'text' }).nullable().meta({ description: 'text or null' }),
      { type: ['string', 'null'], maxLength: 5, description: 'text or null' },
    ],
  ])('%s', (_what, schema, expected) => {
    expect(schemaOf(schema)).toEqual(expected)
  })
})

describe('a named schema', () => {
  const Named = z.object({ id: z.string(), example: z.string() }).meta({ id: 'Named', example: { id: 'x', $ref: '#/$defs/y' } })

  it('a named schema is a component, and its name is no part of it', () => {
    const components = createComponents()
    const reference = { $ref: '#/components/schemas/Named' }
    expect(components.add(z.object({ one: Named, list: z.array(Named), none: Named.nullable() }))).toEqual({
      type: 'object',
      properties: { one: reference, list: { type: 'array', items: reference }, none: { anyOf: [reference, { type: 'null' }] } },
      required: ['one', 'list', 'none'],
    })
    expect(Object.keys(components.schemas)).toEqual(['Named'])
    expect(components.schemas.Named).not.toHaveProperty('id')
  })

  it('a named schema keeps its example as it is', () => {
    const components = createComponents()
    components.add(z.object({ one: Named }))
    expect(components.schemas.Named).toHaveProperty('example', { id: 'x', $ref: '#/$defs/y' })
    expect(components.schemas.Named).toHaveProperty('properties', { id: { type: 'string' }, example: { type: 'string' } })
  })

  it('a named schema may not share its name with another one', () => {
    const components = createComponents()
    components.add(z.object({ one: Named }))
    expect(() => components.add(z.object({ other: z.object({}).meta({ id: 'Named' }) }))).toThrow('Two schemas have the name Named')
  })
})
