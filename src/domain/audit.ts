/**
 * The audit log: who did what to which account, when, from where, through which surface, and how it ended.
 * Append-only; no secret is ever part of an event.
 */
import type { Caller } from './caller.ts'
import type { Domain, Tx } from './domain.ts'

export type AuditEventType =
  | 'account.created'
  | 'account.deleted'
  | 'account.login_enabled'
  | 'account.login_disabled'
  | 'account.admin_granted'
  | 'account.admin_revoked'
  | 'account.scopes_set'
  | 'account.profile_updated'
  | 'session.signed_in'
  | 'session.sign_in_failed'
  | 'session.refresh_reused'
  | 'session.signed_out'
  | 'session.signed_out_everywhere'
  | 'session.reauthenticated'
  | 'password.changed'
  | 'password.reset_requested'
  | 'password.reset'
  | 'email.change_requested'
  | 'email.changed'
  | 'email.verification_requested'
  | 'email.verified'
  | 'email.code_failed'
  | 'two_factor.enrollment_begun'
  | 'two_factor.enabled'
  | 'two_factor.disabled'
  | 'two_factor.code_failed'
  | 'two_factor.recovery_code_used'
  | 'keys.rotated'

export interface AuditEvent {
  readonly type: AuditEventType
  readonly outcome?: 'success' | 'failure'
  /** Whose account it is about. */
  readonly userId: string | null
  readonly details?: Readonly<Record<string, string | number | boolean | null>>
}

export const record = async (domain: Domain, tx: Tx, caller: Caller, event: AuditEvent): Promise<void> => {
  await tx.auditEvent.create({
    data: {
      at: domain.clock.now(),
      type: event.type,
      outcome: event.outcome ?? 'success',
      userId: event.userId,
      actorId: caller.viewer?.account.id ?? null,
      surface: caller.surface,
      clientAddress: caller.clientAddress,
      userAgent: caller.userAgent?.slice(0, 500) ?? null,
      requestId: caller.requestId,
      details: event.details ?? {},
    },
  })
}
