/**
 * The schema, assembled from the files in `types`. Each root field is an operation of the access table, and its description ends
 * with what that table requires.
 */
import { type GraphQLSchema, isObjectType } from 'graphql'
import type { OperationName } from '../domain/access/operationTable.ts'
import { operations } from '../domain/access/operationTable.ts'
import type { Requirement } from '../domain/access/requirements.ts'
import type { Account } from '../domain/frame/account.ts'
import { builder } from './builder.ts'
import { withGuards } from './guardedField.ts'
import './types/error.ts'
import './types/user.ts'
import './types/signIn.ts'
import './types/session.ts'
import './types/sessionEnd.ts'
import './types/personalAccessToken.ts'
import './types/profile.ts'
import './types/twoFactor.ts'
import './types/accountDeletion.ts'
import './types/administration.ts'
import './types/audit.ts'
import './types/dialect.ts'
import './types/dialectUse.ts'
import './types/dialectUseDay.ts'
import './types/serverStatus.ts'
import './types/invitation.ts'
import './types/service.ts'
import './types/signingKey.ts'
import './types/waitingMail.ts'
import './types/webhook.ts'
import './types/webhookChanges.ts'

const isListed = (name: string): name is OperationName => Object.hasOwn(operations, name)

const neededFor = (requirement: Requirement): string => {
  if (requirement === 'anyone') return ''
  if (requirement === 'registration') return ' Needs open registration.'
  if (requirement === 'session') return ' Needs a session.'
  if (requirement === 'interactive') return ' Needs a session that you signed in to, not a personal access token.'
  if (requirement === 'step-up') return ' Needs a recent sign-in or `reauthenticate`.'
  if (requirement === 'admin step-up') return ' Needs an administrator, and a recent sign-in or `reauthenticate`.'
  return requirement === 'admin' ? ' Needs an administrator.' : ` Needs \`${requirement}\`.`
}

const description = `Accounts and what belongs to them: sign-up and sign-in, a second factor, sessions and tokens, passwords, the e-mail address, the audit log, and
administration. Tokens are sent as \`Authorization: Bearer …\`; pages of a listed origin may use a cookie instead (\`transport: COOKIE\`). The description of
each operation says what it requires.`

/** @throws if the schema offers an operation that the access table does not know */
const withAccess = (schema: GraphQLSchema): GraphQLSchema => {
  for (const root of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(root?.getFields() ?? {})) {
      if (!isListed(field.name)) throw new Error(`${field.name} is not in the access table`)
      field.description += neededFor(operations[field.name].asks)
    }
  }
  return schema
}

/** The id of an account is at hand. The relay plugin would make promises for each, which a list has thousands of. */
const withIdsAtOnce = (schema: GraphQLSchema): GraphQLSchema => {
  const type = schema.getType('User')
  const id = isObjectType(type) ? type.getFields().id : undefined
  if (id !== undefined) id.resolve = (account: Account) => account.id
  return schema
}

export const schema = withGuards(withIdsAtOnce(withAccess(builder.toSchema())))
schema.description = description
