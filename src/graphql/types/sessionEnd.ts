/**
 * Ending sessions from a list: your own, or for an administrator those of any account.
 */
import { viewerOf } from '../../domain/frame/caller.ts'
import { builder, rawId } from '../builder.ts'
import { dropCookie } from '../cookieSlot.ts'
import { failsAs } from '../errorTypes.ts'
import { accountAfter } from './user.ts'

interface Ended {
  readonly userId: string
  readonly endedSessions: number
}

const EndSessionSuccess = builder.objectRef<{ readonly userId: string; readonly sessionId: string }>('EndSessionSuccess').implement({
  description: 'The session has ended; none of its tokens works any more.',
  fields: (t) => ({
    endedSessionId: t.id({ description: 'The id of the session.', resolve: ({ sessionId }) => `Session:${sessionId}` }),
    user: t.field(accountAfter(({ userId }) => userId)),
  }),
})

const ended = (name: string, description: string) =>
  builder.objectRef<Ended>(name).implement({
    description,
    fields: (t) => ({
      endedSessions: t.exposeInt('endedSessions', { description: 'How many sessions and personal access tokens ended.' }),
      user: t.field(accountAfter<Ended>(({ userId }) => userId)),
    }),
  })

const EndOtherSessionsSuccess = ended(
  'EndOtherSessionsSuccess',
  'All your sessions but this one have ended, and all your personal access tokens.',
)
const EndUserSessionsSuccess = ended('EndUserSessionsSuccess', 'All sessions and personal access tokens of the account have ended.')

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
    type: EndSessionSuccess,
    errors: failsAs('endSession'),
    description: 'Ends one of your sessions. An administrator may end a session of any account.',
    args: { input: t.arg({ type: EndSessionInput, required: true, description: 'The session to end.' }) },
    resolve: async (_root, { input }, { operations, caller, cookie }) => {
      const id = rawId('Session', input.id)
      const { userId } = await operations.endSession({ id })
      dropCookie(cookie, caller, id)
      return { sessionId: id, userId }
    },
  }),
  endOtherSessions: t.field({
    type: EndOtherSessionsSuccess,
    errors: failsAs('endOtherSessions'),
    description: 'Ends all sessions of your account except this one, and all its personal access tokens.',
    resolve: async (_root, _args, { operations, caller }) => {
      const endedSessions = await operations.endOtherSessions()
      return { endedSessions, userId: viewerOf(caller).account.id }
    },
  }),
  endUserSessions: t.field({
    type: EndUserSessionsSuccess,
    errors: failsAs('endUserSessions'),
    description: 'Ends all sessions of an account, and all its personal access tokens. It may be the caller’s own account.',
    args: { input: t.arg({ type: EndUserSessionsInput, required: true, description: 'The account.' }) },
    resolve: async (_root, { input }, { operations, caller, cookie }) => {
      const endedSessions = await operations.endUserSessions(input)
      if (caller.viewer?.account.id === input.id) dropCookie(cookie, caller, 'all')
      return { endedSessions, userId: input.id }
    },
  }),
}))
