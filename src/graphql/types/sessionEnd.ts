/**
 * Ending sessions from a list: your own, or for an administrator those of any account.
 */
import { builder, rawId } from '../builder.ts'
import { dropCookie } from '../cookieSlot.ts'
import { SignOutSuccess } from './session.ts'

const EndSessionInput = builder.inputType('EndSessionInput', {
  description: 'The session to end.',
  fields: (t) => ({ id: t.id({ required: true, description: 'Its id, with or without the prefix `Session:`.' }) }),
})

const EndUserSessionsInput = builder.inputType('EndUserSessionsInput', {
  description: 'The account whose sessions are to end.',
  fields: (t) => ({ id: t.id({ required: true, description: 'The id of the account.' }) }),
})

builder.mutationFields((t) => ({
  endSession: t.field({
    type: SignOutSuccess,
    errors: {},
    description: 'Ends one of your sessions. An administrator may end a session of any account.',
    args: { input: t.arg({ type: EndSessionInput, required: true, description: 'The session to end.' }) },
    resolve: async (_root, { input }, { operations, caller, cookie }) => {
      const id = rawId('Session', input.id)
      await operations.endSession({ id })
      dropCookie(cookie, caller, id)
      return { endedSessions: 1 }
    },
  }),
  endOtherSessions: t.field({
    type: SignOutSuccess,
    errors: {},
    description: 'Ends all sessions of your account except this one, and all its personal access tokens.',
    resolve: async (_root, _args, { operations }) => ({ endedSessions: await operations.endOtherSessions() }),
  }),
  endUserSessions: t.field({
    type: SignOutSuccess,
    errors: {},
    description: 'Ends all sessions of an account, and all its personal access tokens. It may be the caller’s own account.',
    args: { input: t.arg({ type: EndUserSessionsInput, required: true, description: 'The account.' }) },
    resolve: async (_root, { input }, { operations, caller, cookie }) => {
      const endedSessions = await operations.endUserSessions(input)
      if (caller.viewer?.account.id === input.id) dropCookie(cookie, caller, 'all')
      return { endedSessions }
    },
  }),
}))
