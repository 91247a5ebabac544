/**
 * A row as an Operation Object (OpenAPI 3.1, section 4.8.10): parameters and body from its schemas, security from who may.
 */
import type * as z from 'zod'
import { isOpen, isScope } from '../../domain/access/requirements.ts'
import type { Dialect, Mount, Row } from '../dialect.ts'
import { retirementHeaders } from '../retired.ts'
import { responsesOf } from './responses.ts'
import type { Components, JsonObject } from './schemas.ts'

type Place = 'path' | 'query'

const parametersIn = (place: Place, schemas: z.ZodObject | undefined, components: Components): JsonObject[] => {
  const { properties = {}, required = [] } = schemas === undefined ? {} : (components.add(schemas) as Properties)
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: place,
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema,
  }))
}

interface Properties {
  readonly properties?: Readonly<Record<string, JsonObject>>
  readonly required?: readonly string[]
}

const bodyOf = ({ parts: { body }, texts: { descriptions } }: Row, acceptsForms: boolean, components: Components): JsonObject => {
  if (body === undefined) return {}
  const schema = components.add(body)
  const description = descriptions?.body
  return {
    requestBody: {
      ...(description === undefined ? {} : { description }),
      required: !body.safeParse({}).success,
      content: {
        'application/json': { schema },
        ...(acceptsForms ? { 'application/x-www-form-urlencoded': { schema } } : {}),
      },
    },
  }
}

/** Each of the ways to bring a token, with the scope that is asked for (roles, for a scheme that is not OAuth 2.0). */
const securityOf = ({ who }: Row, { queryToken }: Mount): readonly JsonObject[] => {
  if (isOpen(who)) return []
  const scopes = isScope(who) ? [who] : []
  return [{ BearerAuth: scopes }, ...(queryToken === undefined ? [] : [{ QueryToken: scopes }])]
}

const notes: Partial<Record<Row['who'], string>> = {
  admin: 'Administrators only.',
  'admin step-up': 'Administrators only, whose last password or code check is recent.',
  interactive: 'Not with a personal access token.',
  'step-up': 'Only while the last password or code check of the session is recent; not with a personal access token.',
  registration: 'While registration is open.',
}

/** What the settings say of a route's end, for people; dates are in the headers too. */
const retirementNotes = ({ retirement }: Row): readonly string[] => {
  if (retirement === undefined) return []
  const { deprecation, sunset, readOnly, off } = retirement
  return [
    ...(deprecation === undefined ? [] : [`Deprecated as of ${deprecation.toISOString()}.`]),
    ...(sunset === undefined ? [] : [`To be switched off on ${sunset.toISOString()}.`]),
    ...(off ? ['Switched off.'] : readOnly ? ['Read-only.'] : []),
  ]
}

const retirementOf = (row: Row): JsonObject => {
  const { deprecation, guide } = row.retirement ?? {}
  return {
    ...(deprecation === undefined ? {} : { deprecated: true }),
    ...(guide === undefined || !('Link' in retirementHeaders(row))
      ? {}
      : { externalDocs: { description: 'What to do about it', url: guide } }),
  }
}

export const operationOf = (dialect: Dialect, mount: Mount, row: Row, components: Components): JsonObject => {
  const { texts, parts } = row
  const description = [texts.description, notes[row.who], ...retirementNotes(row)].filter((part) => part !== undefined).join(' ')
  const parameters = [...parametersIn('path', parts.params, components), ...parametersIn('query', parts.query, components)]
  return {
    ...(texts.operationId === undefined ? {} : { operationId: texts.operationId }),
    ...(texts.tag === undefined ? {} : { tags: [texts.tag] }),
    summary: texts.summary,
    ...(description === '' ? {} : { description }),
    ...retirementOf(row),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...bodyOf(row, mount.acceptsForms, components),
    responses: responsesOf(dialect, mount, row, components),
    security: securityOf(row, mount),
  }
}
