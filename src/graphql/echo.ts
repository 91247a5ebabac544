/**
 * What an error message may repeat of a request. graphql-js repeats the whole value of a wrong variable or literal, which may be a
 * password, and suggests names of the schema. Front ends send such messages to error trackers, and outsiders explore a schema with them.
 *
 * Messages never repeat the value of a variable. In production they also have no suggestions, no literals and no names that are not
 * in the schema. They still name the broken rule, and `locations` says where.
 */
import { GraphQLError, type GraphQLSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql'

const ECHO = /^(Variable "\$\w+" )got invalid value /
const PLACE = / at "([\w.[\]]+)"; /
const REASON =
  /Field "\w+" (?:of required type "[\w![\]]+" was not provided|is not defined by type "\w+"|must be non-null)\.|Exactly one key must be specified for OneOf type "\w+"\.|Expected (?:non-nullable )?(?:type|value of type) "[\w![\]]+"/

const withMessage = (error: GraphQLError, message: string): GraphQLError =>
  new GraphQLError(message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    path: error.path ?? null,
    extensions: error.extensions,
  })

const LONGEST = 500

/**
 * An error with no more than the beginning of a long message: the text of a document, such as the name of its operation, could be in the
 * message of each of its hundred errors. It is copied, because a part of a text keeps the whole of it in memory.
 */
export const shortened = (error: GraphQLError): GraphQLError =>
  error.message.length <= LONGEST ? error : withMessage(error, `${Buffer.from(error.message.slice(0, LONGEST)).toString()} …`)

export const withoutEcho = (error: Error): Error => {
  const [, variable] = ECHO.exec(error.message) ?? []
  if (variable === undefined || !(error instanceof GraphQLError)) return error
  const place = PLACE.exec(error.message)?.[1]
  const reason = REASON.exec(error.message)?.[0]
  const message = `${variable}got an invalid value${place === undefined ? '' : ` at "${place}"`}${reason === undefined ? '.' : `; ${reason}`}`
  return withMessage(error, message)
}

/** Every name in the schema. */
const vocabularyOf = (schema: GraphQLSchema): ReadonlySet<string> => {
  const names = new Set(['__typename', '__schema', '__type'])
  for (const type of Object.values(schema.getTypeMap())) {
    names.add(type.name)
    if (isEnumType(type)) for (const { name } of type.getValues()) names.add(name)
    if (isInputObjectType(type)) for (const name of Object.keys(type.getFields())) names.add(name)
    if (!isObjectType(type) && !isInterfaceType(type)) continue
    for (const { name, args } of Object.values(type.getFields()))
      for (const known of [name, ...args.map((arg) => arg.name)]) names.add(known)
  }
  for (const { name, args } of schema.getDirectives()) for (const known of [name, ...args.map((arg) => arg.name)]) names.add(known)
  return names
}

/** A quoted text, also one that does not end, so that each character is looked at once. */
const QUOTED = /"(?:[^"\\]|\\.)*(?:"|\\?$)/gs
/** Parts of messages that come from the request: a suggestion, a literal, or a scalar's error about a value. */
const TAILS: readonly (readonly [RegExp, string])[] = [
  [/ Did you mean .*$/s, ''],
  [/, found .*$/s, '.'],
  [/\b(\w+"?) cannot represent .*$/s, '$1 cannot represent the value.'],
]
const INDEX = /^\d{1,4}$/

/** For production: removes all words of the request from a message, except names of the schema. */
export const createDiscretion = (schema: GraphQLSchema): ((error: GraphQLError) => GraphQLError) => {
  const vocabulary = vocabularyOf(schema)
  const isKnown = (quoted: string): boolean =>
    quoted
      .slice(1, -1)
      .split(/[^\p{L}\p{N}_]+/u)
      .every((word) => word === '' || vocabulary.has(word) || INDEX.test(word))
  return (error) => {
    const cut = TAILS.reduce((message, [tail, instead]) => message.replace(tail, instead), error.message)
    const message = cut.replace(QUOTED, (quoted) => (isKnown(quoted) ? quoted : '"…"'))
    return message === error.message ? error : withMessage(error, message)
  }
}
