/**
 * The audit log: who did what to which account, when, from where, through which surface, and how it ended (docs/audit.md).
 *
 * Append-only. The list of types is closed and only ever grows, since old events are read by it. An event names accounts,
 * sessions and keys by their ids; no secret is ever part of one, and of what a client sent only the User-Agent.
 */
import type { Caller } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'

/** What an event may say beside what every event says. */
export const auditDetailKeys = {
  code: 'The stable code of the failure.',
  ended: 'How many sessions and personal access tokens ended.',
  fields: 'The names of the fields that were sent.',
  isAdmin: 'Whether the account was made an administrator.',
  kid: 'The id of the key.',
  left: 'How many recovery codes are left.',
  newDevice: 'Whether the account was not seen with this kind of program and network before; false for the first sign-in of an account.',
  number: 'The number of the refresh token in its chain.',
  operation: 'The operation, or the method and path of a route that asks for more than its operation does.',
  requirement: 'What is asked of the caller: a scope, or `admin`, `session`, `interactive` or `step-up`.',
  scopes: 'The scopes of the account or of the token, separated by spaces.',
  sessionId: 'The id of the session, or of the personal access token.',
  twoFactor: 'Whether a second factor was checked.',
} as const
export type AuditDetailKey = keyof typeof auditDetailKeys

export const auditOutcomes = ['success', 'failure'] as const
export type AuditOutcome = (typeof auditOutcomes)[number]

const ends =
  <Outcome extends AuditOutcome>(outcome: Outcome) =>
  <const Details extends readonly AuditDetailKey[]>(description: string, ...details: Details) => ({ outcome, description, details })
const success = ends('success')
const failure = ends('failure')

/** Every type of event: how it ended, when it is written, and the details that it has. */
// biome-ignore format: a table is read by its rows
export const auditEventTypes = {
  'account.created': success('An account was made: by sign-up, by somebody who may, or by the settings.', 'isAdmin', 'scopes'),
  'account.deleted': success('An account was deleted, with everything of it but its events.'),
  'account.login_enabled': success('Sign-in was allowed.'),
  'account.login_disabled': success('Sign-in was refused from now on; all sessions and personal access tokens ended.'),
  'account.admin_granted': success('The account was made an administrator.'),
  'account.admin_revoked': success('The account is no administrator any more.'),
  'account.scopes_set': success('The scopes were replaced.', 'scopes'),
  'account.profile_updated': success('Names, phone, bio or language were changed by the owner.', 'fields'),
  'account.cleaned': success('An address was shown to be somebody’s for the first time, by a reset: sessions, tokens, second factor, known devices and pending changes from before are gone.', 'ended'),
  'account.change_undone': success('The link of a mail put address and second factor back to what they were before a change; all sessions and personal access tokens ended.', 'ended'),
  'session.signed_in': success('A session was opened: by a sign-in, or by a sign-up that signs in.', 'sessionId', 'twoFactor', 'newDevice'),
  'session.two_factor_required': success('The password was right, and the second factor was asked for.', 'operation', 'code'),
  'session.sign_in_failed': failure('A sign-in was refused: unknown account, wrong password, dead login code, or an account that may not.', 'operation', 'code'),
  'session.refresh_reused': failure('A refresh token was presented that was spent too long ago; the whole session ended.', 'sessionId', 'number'),
  'session.signed_out': success('One session was ended by its owner.', 'sessionId'),
  'session.replaced': success('One session, in a cookie, ended because a sign-in in the same browser took its place.', 'sessionId'),
  'session.evicted': success('One session ended because a sign-in passed MAX_SESSIONS: the one not used for the longest time.', 'sessionId'),
  'session.signed_out_everywhere': success('All sessions and personal access tokens were ended by their owner.', 'ended'),
  'session.ended': success('One session was ended from another one: by its owner, or by an administrator.', 'sessionId'),
  'session.others_ended': success('All sessions but one, and all personal access tokens, were ended by their owner.', 'ended'),
  'session.all_ended': success('All sessions and personal access tokens of the account were ended by an administrator.', 'ended'),
  'session.reauthenticated': success('A session got a fresh proof.', 'sessionId'),
  'password.changed': success('The password was changed by its owner; all other sessions and all personal access tokens ended.'),
  'password.check_failed': failure('A password that was asked for as a proof was wrong.', 'operation', 'code'),
  'password.reset_requested': success('A reset mail was asked for, for an account that gets one.'),
  'password.reset': success('The password was reset with the token of a mail; all sessions and personal access tokens ended.'),
  'email.change_requested': success('A new address was asked for and waits for its confirmation.'),
  'email.changed': success('The address was changed.'),
  'email.verification_requested': success('A mail was sent to verify the address that the account has.'),
  'email.verified': success("The address was shown to be the owner's."),
  'email.disowned': success('Whoever reads the mails of an unverified address said that the account is not theirs: the address was taken off, and all sessions and personal access tokens ended.', 'ended'),
  'mail_token.refused': failure('The token of a mail was unknown, spent or expired.', 'operation', 'code'),
  'two_factor.enrollment_begun': success('A secret was made and waits for its first code.'),
  'two_factor.enabled': success('The second factor was turned on.', 'ended'),
  'two_factor.disabled': success('The second factor was turned off: by the owner, or by an administrator.', 'ended'),
  'two_factor.code_failed': failure('A second-factor code was wrong, or was used before.', 'operation', 'code'),
  'two_factor.recovery_code_used': success('A recovery code was used.', 'left'),
  'two_factor.recovery_codes_regenerated': success('Ten new recovery codes took the place of the old ones.'),
  'access.refused': failure('A live session asked for what it may not do.', 'operation', 'requirement', 'code'),
  'limit.reached': failure('Attempts were refused because there were too many.', 'operation', 'code'),
  'token.created': success('A personal access token was made.', 'sessionId', 'scopes'),
  'token.revoked': success('A personal access token was revoked: by its owner, by itself, or by an administrator.', 'sessionId'),
  'keys.rotated': success('A new key signs access tokens, on demand.', 'kid'),
} as const satisfies Record<string, ReturnType<typeof success> | ReturnType<typeof failure>>

export type AuditEventType = keyof typeof auditEventTypes

type DetailsOf<Type extends AuditEventType> = Readonly<Record<(typeof auditEventTypes)[Type]['details'][number], string | number | boolean>>

/** An event to be written, with exactly the details of its type. */
export type NewAuditEvent = {
  [Type in AuditEventType]: {
    readonly type: Type
    /** Whose account it is about. */
    readonly userId: string | null
    /** Who did it, unless that is the caller. */
    readonly actorId?: string | null
  } & ((typeof auditEventTypes)[Type]['details'] extends readonly [] ? unknown : { readonly details: DetailsOf<Type> })
}[AuditEventType]

/** Writes an event; within `tx`, it stands or falls with what it tells of. */
export const record = async (domain: Domain, tx: Tx, caller: Caller, event: NewAuditEvent): Promise<void> => {
  await tx.auditEvent.create({
    data: {
      at: domain.clock.now(),
      type: event.type,
      outcome: auditEventTypes[event.type].outcome,
      userId: event.userId,
      actorId: event.actorId === undefined ? (caller.viewer?.account.id ?? null) : event.actorId,
      surface: caller.surface,
      clientAddress: caller.clientAddress,
      userAgent: caller.userAgent?.slice(0, 500) ?? null,
      requestId: caller.requestId,
      details: 'details' in event ? event.details : {},
    },
  })
}
