/**
 * Gives every error that is sent a code, `extensions.code`, so that clients need not read messages. yoga has codes for requests that cannot
 * be parsed or validated, and our failures have their own; here are the rest, with the names of Apollo Server: variables and arguments
 * that do not fit (`BAD_USER_INPUT`), operations that the schema does not have, and faults.
 */
import { type GraphQLError, Kind } from 'graphql'

/** The code of an error of execution that has none. Arguments can be wrong there if they have variables. */
const codeOf = ({ path, nodes, message }: GraphQLError): string => {
  if (path !== undefined) return message.startsWith('Argument "') ? 'BAD_USER_INPUT' : 'INTERNAL_SERVER_ERROR'
  return nodes?.[0]?.kind === Kind.OPERATION_DEFINITION ? 'OPERATION_RESOLUTION_FAILURE' : 'BAD_USER_INPUT'
}

/** Gives each error without a code one. */
export const addCodes = (errors: readonly GraphQLError[]): void => {
  for (const error of errors) error.extensions.code ??= codeOf(error)
}
