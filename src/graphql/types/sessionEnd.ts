/**
 * Sessions that end from a list: one's own, and those of others for an administrator.
 */
import { builder, rawId } from '../builder.ts'
import { dropCookie } from '../cookieSlot.ts'
import { SignOutSuccess } from './session.ts'

const EndSessionInput = builder.inputType('EndSessionInput', {
  description: 'A session to end.',
  fields: (t) => ({ id: t.id({ required: true, description: 'Its id, with or without the prefix `Session:`.' }) }),
})

const EndUserSessionsInput = builder.inputType('EndUserSessionsInput', {
  description: 'An account whose sessions are to end.',
  fields: (t) => ({ id: t.id({ required: true, description: 'Its id.' }) }),
})

builder.mutationFields((t) => ({
  endSession: t.field({
    type: SignOutSuccess,
    errors: {},
    description: 'Ends one of your sessions; for an administrator, one of any account.',
    args: { input: t.arg({ type: EndSessionInput, required: true, description: 'Which.' }) },
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
    description: 'Ends all sessions of your account but this one, and all its personal access tokens.',
    resolve: async (_root, _args, { operations }) => ({ endedSessions: await operations.endOtherSessions() }),
  }),
  endUserSessions: t.field({
    type: SignOutSuccess,
    errors: {},
    description: 'Ends all sessions of an account, and all its personal access tokens. It may be the caller’s own account.',
    args: { input: t.arg({ type: EndUserSessionsInput, required: true, description: 'Whose.' }) },
    resolve: async (_root, { input }, { operations, caller, cookie }) => {
      const endedSessions = await operations.endUserSessions(input)
      if (caller.viewer?.account.id === input.id) dropCookie(cookie, caller, 'all')
      return { endedSessions }
    },
  }),
}))
