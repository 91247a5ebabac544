/**
 * graphql-js tells a client what was wrong with a variable by printing its whole value, which may hold a password. Front
 * ends send such messages to error trackers: ours say where and why, and leave the value out.
 */
import { GraphQLError } from 'graphql'

const ECHO = /^(Variable "\$\w+" )got invalid value /
const PLACE = / at "([\w.[\]]+)"; /
const REASON =
  /Field "\w+" (?:of required type "[\w![\]]+" was not provided|is not defined by type "\w+")\.|Expected (?:non-nullable )?(?:type|value of type) "[\w![\]]+"/

export const withoutEcho = (error: Error): Error => {
  const [, variable] = ECHO.exec(error.message) ?? []
  if (variable === undefined || !(error instanceof GraphQLError)) return error
  const place = PLACE.exec(error.message)?.[1]
  const reason = REASON.exec(error.message)?.[0]
  const message = `${variable}got an invalid value${place === undefined ? '' : ` at "${place}"`}${reason === undefined ? '.' : `; ${reason}`}`
  return new GraphQLError(message, { nodes: error.nodes ?? null, path: error.path ?? null, extensions: error.extensions })
}
