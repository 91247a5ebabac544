/**
 * The `Error` interface and its types. `code` is stable and closed; `message` may change and is for people.
 */

import type { Failure } from '../../domain/base/errors.ts'
import { type ErrorCode, errorCodes, type FieldError } from '../../domain/base/errors.ts'
import { builder } from '../builder.ts'
import {
  AuthenticationError,
  ConflictError,
  InputError,
  NotFoundError,
  PermissionError,
  RateLimitError,
  TwoFactorRequired,
} from '../errors.ts'

const ErrorCodeEnum = builder.enumType('ErrorCode', {
  description: 'Every expected failure. Match on this, never on a message.',
  values: Object.fromEntries(Object.entries(errorCodes).map(([code, description]) => [code, { description }])) as Record<
    ErrorCode,
    { description: string }
  >,
})

const FieldErrorType = builder.objectRef<FieldError>('FieldError').implement({
  description: 'What is wrong with one field of the input.',
  fields: (t) => ({
    field: t.exposeString('field', { description: 'The name of the input field.' }),
    message: t.exposeString('message', { description: 'What is wrong with it, for people.' }),
  }),
})

const ErrorInterface = builder.interfaceRef<Failure>('Error').implement({
  description: 'An expected failure.',
  fields: (t) => ({
    code: t.expose('code', { type: ErrorCodeEnum, description: 'The stable name of the failure.' }),
    message: t.exposeString('message', { description: 'What happened, for people.' }),
    fieldErrors: t.field({
      type: [FieldErrorType],
      description: 'What is wrong with single fields; empty if no field is to blame.',
      resolve: ({ details }) => [...(details.fieldErrors ?? [])],
    }),
  }),
})

const interfaces = [ErrorInterface]
builder.objectType(InputError, {
  name: 'InputError',
  description: 'The input breaks a rule: show `fieldErrors` beside the fields.',
  interfaces,
})
builder.objectType(AuthenticationError, {
  name: 'AuthenticationError',
  description: 'Who calls is not known well enough: sign in, or try another code or token.',
  interfaces,
})
builder.objectType(NotFoundError, { name: 'NotFoundError', description: 'There is no such account or object.', interfaces })
builder.objectType(ConflictError, {
  name: 'ConflictError',
  description: 'The state of things does not allow it: a name is taken, an administrator is the last one.',
  interfaces,
})

builder.objectType(PermissionError, {
  name: 'PermissionError',
  description: 'Who calls is known and may not do this.',
  interfaces,
  fields: (t) => ({
    missingScope: t.string({
      nullable: true,
      description: 'The scope that would have been enough.',
      resolve: ({ details }) => details.missingScope ?? null,
    }),
  }),
})

builder.objectType(RateLimitError, {
  name: 'RateLimitError',
  description: 'Too much, too fast.',
  interfaces,
  fields: (t) => ({
    retryAfter: t.int({ description: 'Seconds after which another try makes sense.', resolve: ({ details }) => details.retryAfter ?? 1 }),
  }),
})

builder.objectType(TwoFactorRequired, {
  name: 'TwoFactorRequired',
  description: 'The password is right, and the account has a second factor: call `verifyTwoFactor` with `loginCode` and a code.',
  interfaces,
  fields: (t) => ({
    loginCode: t.string({
      description: 'Stands for the sign-in that waits; works once.',
      resolve: ({ details }) => details.loginCode ?? '',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When `loginCode` ends.',
      resolve: ({ details }) => details.expiresAt ?? new Date(0),
    }),
  }),
})
