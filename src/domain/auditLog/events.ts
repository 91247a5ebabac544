/**
 * The audit log: who did what to which account, when, from where, through which surface, and with which outcome (docs/audit.md).
 *
 * The log is append-only. No type is ever removed from the list, because old events have it. An event names accounts, sessions and
 * keys by their ids. It never holds a secret; of what the client sent, it holds only the User-Agent.
 */
import type { AuditEvent } from '../../db/generated/client.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'

/** The details that only events of some types have. */
export const auditDetailKeys = {
  code: 'The error code of the failure.',
  deliveries: 'How many deliveries were queued again.',
  ended: 'How many sessions and personal access tokens ended.',
  fields: 'The names of the fields that were sent or filled.',
  isAdmin: 'Whether the account was made an administrator.',
  kid: 'The id of the key.',
  left: 'How many recovery codes are left.',
  newDevice:
    'Whether the account signed in with this kind of program from this network for the first time; false for the first sign-in of all.',
  number: 'The number of the refresh token in its chain.',
  operation: 'The operation; for a route that requires more than its operation does, the method and path of the route.',
  reason: 'Why it was disabled: `gone` (the receiver answered 410) or `failing`.',
  requirement: 'What the caller would have needed: a scope, or `admin`, `session`, `interactive` or `step-up`.',
  scopes: 'The scopes of the account or of the token, separated by spaces.',
  sessionId: 'The id of the session, or of the personal access token.',
  twoFactor: 'Whether a second factor was checked.',
  webhookId: 'The id of the webhook.',
} as const
export type AuditDetailKey = keyof typeof auditDetailKeys

export const auditOutcomes = ['success', 'failure'] as const
export type AuditOutcome = (typeof auditOutcomes)[number]

const ends =
  <Outcome extends AuditOutcome>(outcome: Outcome) =>
  <const Details extends readonly AuditDetailKey[]>(description: string, ...details: Details) => ({ outcome, description, details })
const success = ends('success')
const failure = ends('failure')

/** Every type of event: its outcome, when it is written, and its details. */
// biome-ignore format: a table is read by its rows
export const auditEventTypes = {
  'account.created': success('An account was created: by sign-up, by another account, by an operator or an import, or from the settings.', 'isAdmin', 'scopes'),
  'account.invited': success('An invitation to choose a password was mailed, for the first time or again.'),
  'account.deleted': success('An account was deleted, with all its data except its audit events.'),
  'account.login_enabled': success('Sign-in was enabled.'),
  'account.login_disabled': success('Sign-in was disabled; all sessions and personal access tokens ended.'),
  'account.admin_granted': success('The account was made an administrator.'),
  'account.admin_revoked': success('The account is no longer an administrator.'),
  'account.scopes_set': success('The scopes were replaced.', 'scopes'),
  'account.profile_updated': success('The owner changed names, phone, bio or language.', 'fields'),
  'account.cleaned': success('A password reset proved for the first time who reads the mails of the account’s address. What was set up before that was removed: sessions, tokens, second factor, known devices and pending changes.', 'ended'),
  'account.merged': success('An import added what the account lacked, and its sessions.', 'fields'),
  'account.merge_undone': success('An import was undone: what it had added to the account was taken away, with its sessions.', 'fields'),
  'account.change_undone': success('The undo link of a mail restored the address and second factor from before a change; all sessions and personal access tokens ended.', 'ended'),
  'session.signed_in': success('A session was opened: by a sign-in, or by a sign-up that signs in.', 'sessionId', 'twoFactor', 'newDevice'),
  'session.two_factor_required': success('The password was right, and the second factor was asked for.', 'operation', 'code'),
  'session.sign_in_failed': failure('A sign-in was refused: unknown account, wrong password, invalid login code, or an account whose sign-in is disabled.', 'operation', 'code'),
  'session.refresh_reused': failure('A refresh token was presented again too long after its first use; the whole session ended.', 'sessionId', 'number'),
  'session.signed_out': success('The owner signed out of one session.', 'sessionId'),
  'session.replaced': success('A cookie session ended because a new sign-in in the same browser replaced it.', 'sessionId'),
  'session.evicted': success('A sign-in went over MAX_SESSIONS, so the session that had not been used for the longest time ended.', 'sessionId'),
  'session.signed_out_everywhere': success('The owner ended all sessions and personal access tokens.', 'ended'),
  'session.ended': success('The owner, from another session, or an administrator ended one session.', 'sessionId'),
  'session.others_ended': success('The owner ended all sessions but the present one, and all personal access tokens.', 'ended'),
  'session.all_ended': success('An administrator ended all sessions and personal access tokens of the account.', 'ended'),
  'session.reauthenticated': success('Password or code were checked again in an open session.', 'sessionId'),
  'password.changed': success('The owner changed the password; all other sessions and all personal access tokens ended.'),
  'password.check_failed': failure('The current password, asked for as a proof, was wrong.', 'operation', 'code'),
  'password.reset_requested': success('A password reset mail was requested for an account that can receive one.'),
  'password.reset': success('The password was reset with the token of a mail; all sessions and personal access tokens ended.'),
  'password.set': success('An operator set the password from the command line; all sessions and personal access tokens ended.', 'ended'),
  'email.change_requested': success('A new e-mail address was requested, and waits for its confirmation.'),
  'email.changed': success('The e-mail address was changed.'),
  'email.verification_requested': success('A mail was sent to verify the account’s present address.'),
  'email.verified': success('The owner proved that the address is theirs.'),
  'email.disowned': success('The reader of the mails of an unverified address said that the account is not theirs. The address was removed from the account, and all sessions and personal access tokens ended.', 'ended'),
  'mail_token.refused': failure('The token of a mail was unknown, already used or expired.', 'operation', 'code'),
  'two_factor.enrollment_begun': success('A secret for a second factor was created, and waits for its first code.'),
  'two_factor.enabled': success('The second factor was turned on.', 'ended'),
  'two_factor.disabled': success('The owner or an administrator turned the second factor off.', 'ended'),
  'two_factor.code_failed': failure('A second-factor code was wrong, or was used before.', 'operation', 'code'),
  'two_factor.recovery_code_used': success('A recovery code was used.', 'left'),
  'two_factor.recovery_codes_regenerated': success('Ten new recovery codes replaced the old ones.'),
  'access.refused': failure('A caller with a live session asked for something that it may not do.', 'operation', 'requirement', 'code'),
  'limit.reached': failure('A request was refused because there had been too many attempts.', 'operation', 'code'),
  'token.created': success('A personal access token was created.', 'sessionId', 'scopes'),
  'token.revoked': success('A personal access token was revoked: by its owner, by an administrator, or by a sign-out with the token.', 'sessionId'),
  'keys.rotated': success('An administrator created a new key that signs access tokens.', 'kid'),
  'webhook.created': success('An administrator created a webhook.', 'webhookId'),
  'webhook.updated': success('An administrator changed a webhook, enabled or disabled it.', 'webhookId', 'fields'),
  'webhook.deleted': success('An administrator deleted a webhook with its deliveries.', 'webhookId'),
  'webhook.secret_rotated': success('An administrator created a new secret for a webhook.', 'webhookId'),
  'webhook.redelivered': success('An administrator queued deliveries of a webhook again.', 'webhookId', 'deliveries'),
  'webhook.disabled': failure('The server disabled a webhook whose receiver has gone, or has accepted nothing for WEBHOOK_DISABLE_AFTER.', 'webhookId', 'reason'),
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

/** The account that acts; null for nobody, and for an operator, who needs none. */
const actorOf = ({ viewer }: Caller): string | null => viewer?.account.id || null

/** The row of an event. */
export const eventRow = (
  { clock }: Pick<Domain, 'clock'>,
  caller: Caller,
  event: NewAuditEvent,
): Omit<AuditEvent, 'seq' | 'details'> & { readonly details: Readonly<Record<string, string | number | boolean>> } => ({
  at: clock.now(),
  type: event.type,
  outcome: auditEventTypes[event.type].outcome,
  userId: event.userId,
  actorId: event.actorId === undefined ? actorOf(caller) : event.actorId,
  surface: caller.surface,
  clientAddress: caller.clientAddress,
  userAgent: caller.userAgent?.slice(0, 500) ?? null,
  requestId: caller.requestId,
  details: 'details' in event ? event.details : {},
})

/** Writes an event in `tx`, so that it is committed or rolled back with what it records. */
export const record = async (domain: Domain, tx: Tx, caller: Caller, event: NewAuditEvent): Promise<void> => {
  await tx.auditEvent.createMany({ data: [eventRow(domain, caller, event)] })
}
