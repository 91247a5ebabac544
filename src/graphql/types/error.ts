/**
 * The `Error` interface and its types. `code` is stable and from a closed list; `message` is for people, and may change.
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
} from '../errorTypes.ts'
import { ScopeEnum } from './scope.ts'

const ErrorCodeEnum = builder.enumType('ErrorCode', {
  description: 'The codes of all expected failures. Match on the code, never on the message.',
  values: Object.fromEntries(Object.entries(errorCodes).map(([code, description]) => [code, { description }])) as Record<
    ErrorCode,
    { description: string }
  >,
})

const FieldErrorType = builder.objectRef<FieldError>('FieldError').implement({
  description: 'What is wrong with one field of the input.',
  fields: (t) => ({
    field: t.exposeString('field', { description: 'The name of the input field.' }),
    message: t.exposeString('message', { description: 'What is wrong with the field, as a text for people.' }),
  }),
})

const ErrorInterface = builder.interfaceRef<Failure>('Error').implement({
  description: 'An expected failure.',
  fields: (t) => ({
    code: t.expose('code', { type: ErrorCodeEnum, description: 'The code of the failure; it does not change between releases.' }),
    message: t.exposeString('message', { description: 'What went wrong, as a text for people; it may change.' }),
    fieldErrors: t.field({
      type: [FieldErrorType],
      description: 'What is wrong with each field of the input; empty if the failure is not about a field.',
      resolve: ({ details }) => [...(details.fieldErrors ?? [])],
    }),
  }),
})

const interfaces = [ErrorInterface]
builder.objectType(InputError, {
  name: 'InputError',
  description: 'The input breaks a rule: show each of `fieldErrors` beside its field.',
  interfaces,
})
builder.objectType(AuthenticationError, {
  name: 'AuthenticationError',
  description: 'The caller could not be identified: sign in, or use another code or token.',
  interfaces,
})
builder.objectType(NotFoundError, { name: 'NotFoundError', description: 'There is no such account or object.', interfaces })
builder.objectType(ConflictError, {
  name: 'ConflictError',
  description: 'The current data does not allow it: for example, a username is taken, or this is the last administrator.',
  interfaces,
})

builder.objectType(PermissionError, {
  name: 'PermissionError',
  description: 'The caller is known, but may not do this.',
  interfaces,
  fields: (t) => ({
    missingScope: t.field({
      type: ScopeEnum,
      nullable: true,
      description: 'The scope that would have been enough.',
      resolve: ({ details }) => details.missingScope ?? null,
    }),
  }),
})

builder.objectType(RateLimitError, {
  name: 'RateLimitError',
  description: 'Too many requests or attempts: wait, then try again.',
  interfaces,
  fields: (t) => ({
    retryAfter: t.int({ description: 'How many seconds to wait before trying again.', resolve: ({ details }) => details.retryAfter ?? 1 }),
  }),
})

builder.objectType(TwoFactorRequired, {
  name: 'TwoFactorRequired',
  description: 'The password is right, and the account has a second factor: call `verifyTwoFactor` with `loginCode` and a code.',
  interfaces,
  fields: (t) => ({
    loginCode: t.string({
      description: 'Identifies the sign-in that waits for its second factor; can be used once.',
      resolve: ({ details }) => details.loginCode ?? '',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When `loginCode` expires.',
      resolve: ({ details }) => details.expiresAt ?? new Date(0),
    }),
  }),
})
