/**
 * The documents in the tabs of GraphiQL fit the schema, and the editor shows their whole lines.
 */
import { parse, validate } from 'graphql'
import { expect, it } from 'vitest'
import { sampleDocuments } from '../../src/graphql/sampleDocuments.ts'
import { schema } from '../../src/graphql/schema.ts'

const nameOf = (document: string): string | undefined => /^(?:query|mutation) (\w+) \{$/m.exec(document)?.[1]

it('the tabs of GraphiQL are these operations, in this order', () => {
  expect(sampleDocuments.map(nameOf)).toEqual(['SignUp', 'SignIn', 'Me', 'Users', 'DialectUses'])
})

it.each(sampleDocuments.map((document) => [nameOf(document), document]))(
  'the document %s of GraphiQL fits the schema',
  (_name, document) => {
    expect(validate(schema, parse(document ?? '')).map(({ message }) => message)).toEqual([])
  },
)

it.each(sampleDocuments.map((document) => [nameOf(document), document]))(
  'the document %s of GraphiQL has one field in a line, and no line of more than 50 characters',
  (_name, document) => {
    const lines = (document ?? '').split('\n')
    expect(lines.filter((line) => line.length > 50)).toEqual([])
    expect(
      lines.filter((line) => !line.startsWith('#') && /\{.*\S|\w \w+ \w/.test(line.replace(/^(query|mutation) |\.\.\. on /, ''))),
    ).toEqual([])
  },
)
