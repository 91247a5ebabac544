/**
 * What resolvers get: the caller, the operations, and data loaders that batch reads. No database client, and no rules.
 */
import DataLoader from 'dataloader'
import { type OperationName, operationOf } from '../domain/access/operationTable.ts'
import { countUsers, type UserCount } from '../domain/accounts/countUsers.ts'
import { findAccounts } from '../domain/accounts/findAccounts.ts'
import type { UserSelection } from '../domain/accounts/userSelection.ts'
import { type AuditEvent, type AuditPage, findAuditEvent, findAuditEvents } from '../domain/auditLog/findEvents.ts'
import { Failure } from '../domain/base/errors.ts'
import { type DialectUse, type DialectUseKey, findDialectUse } from '../domain/dialectUses/findDialectUses.ts'
import type { Account } from '../domain/frame/account.ts'
import { type Caller, unauthenticated } from '../domain/frame/caller.ts'
import type { Domain } from '../domain/frame/domain.ts'
import { type AddressMail, addressMailsOf } from '../domain/mailTokens/mailTokens.ts'
import type { Operations } from '../domain/operations.ts'
import { findWaitingMail, type WaitingMail } from '../domain/outbox/waiting.ts'
import { findPersonalToken, type PersonalToken, personalTokensOf } from '../domain/personalTokens/findPersonalTokens.ts'
import { findSession, type ListedSession, sessionsOf } from '../domain/sessions/list.ts'
import { recoveryCodesLeftOf } from '../domain/twoFactor/recoveryCodes.ts'
import { type Delivery, type DeliveryKey, findDelivery, findWebhook, type Webhook } from '../domain/webhooks/findWebhooks.ts'
import type { CookieSlot } from './cookieSlot.ts'
import { asErrorValue } from './errorTypes.ts'
import { type Notes, noteFailure } from './notes.ts'

/** The operations, bound to one caller; their failures are thrown as the schema's error types. */
export type CallerOperations = {
  readonly [Name in keyof Operations]: Operations[Name] extends (caller: Caller, ...input: infer Input) => infer Result
    ? (...input: Input) => Result
    : never
}

export interface Context {
  readonly caller: Caller
  readonly operations: CallerOperations
  /** Accounts that this request has signed in to: it may read all their fields. */
  readonly proven: Set<string>
  readonly cookie: CookieSlot
  /** A dead token is never taken for nobody. @throws {Failure} UNAUTHENTICATED */
  readonly refuseDeadToken: () => void
  /** The account of an id; null if there is none. */
  readonly account: (id: string) => Promise<Account | null>
  /** How many accounts match, for a caller who may list them. */
  readonly countUsers: (selection: UserSelection) => Promise<UserCount>
  readonly sessions: (userId: string) => Promise<ListedSession[]>
  readonly session: (id: string) => Promise<ListedSession | null>
  readonly personalTokens: (userId: string) => Promise<PersonalToken[]>
  readonly personalToken: (id: string) => Promise<PersonalToken | null>
  readonly addressMails: (userId: string) => Promise<AddressMail[]>
  readonly recoveryCodesLeft: (userId: string) => Promise<number>
  readonly auditEvent: (seq: string) => Promise<AuditEvent | null>
  readonly webhook: (id: string) => Promise<Webhook | null>
  readonly webhookDelivery: (key: DeliveryKey) => Promise<Delivery | null>
  readonly waitingMail: (id: string) => Promise<WaitingMail | null>
  readonly dialectUse: (key: DialectUseKey) => Promise<DialectUse | null>
  /** A page of the events about one account; failures are thrown as the schema's error types. */
  readonly auditEventsOf: (userId: string, page: AuditPage) => Promise<AuditEvent[]>
}

/** Notes a failure of the domain, and throws it as the schema's error type. */
const rethrow = (notes: Notes, error: unknown, checksSecret = false): never => {
  if (error instanceof Failure) noteFailure(notes, error.code, checksSecret)
  throw error instanceof Failure && error.code === 'UNAUTHENTICATED' ? error : asErrorValue(error)
}

/** The operations of one caller: one class for all requests, so that a request makes functions only for those that it uses. */
const operationsOf = (operations: Operations): (new (caller: Caller, afterwards: () => void, notes: Notes) => CallerOperations) => {
  class BoundOperations {
    readonly caller: Caller
    /** Runs after each operation that may change something, also after one that failed. */
    readonly afterwards: () => void
    readonly notes: Notes
    constructor(caller: Caller, afterwards: () => void, notes: Notes) {
      this.caller = caller
      this.afterwards = afterwards
      this.notes = notes
    }
  }
  for (const [name, operation] of Object.entries(operations)) {
    const run = operation as (caller: Caller, ...input: unknown[]) => Promise<unknown>
    const { changes, once = false } = operationOf(name as OperationName)
    const isReading = changes === 'nothing'
    Object.defineProperty(BoundOperations.prototype, name, {
      get(this: BoundOperations) {
        return async (...input: unknown[]) => {
          const result = run(this.caller, ...input).catch((error: unknown) => rethrow(this.notes, error, once))
          return await (isReading ? result : result.finally(this.afterwards))
        }
      },
    })
  }
  return BoundOperations as unknown as new (
    caller: Caller,
    afterwards: () => void,
    notes: Notes,
  ) => CallerOperations
}

/** Batches what fields of several accounts read; made when it is first used. */
class LazyLoader<Value> {
  private loader: DataLoader<string, Value> | undefined
  private readonly find: (ids: readonly string[]) => Promise<Value[]>
  constructor(find: (ids: readonly string[]) => Promise<Value[]>) {
    this.find = find
  }
  async load(id: string): Promise<Value> {
    this.loader ??= new DataLoader(this.find)
    return await this.loader.load(id)
  }
  forget(): void {
    this.loader?.clearAll()
  }
}

/** Makes the context of each request. */
export const contextsOf = (domain: Domain, operations: Operations): ((caller: Caller, cookie: CookieSlot, notes: Notes) => Context) => {
  const BoundOperations = operationsOf(operations)
  return (caller, cookie, notes) => {
    const accounts = new LazyLoader(async (ids) => await findAccounts(domain, ids))
    const sessions = new LazyLoader(async (userIds) => await sessionsOf(domain, userIds))
    const personalTokens = new LazyLoader(async (userIds) => await personalTokensOf(domain, userIds))
    const addressMails = new LazyLoader(async (userIds) => await addressMailsOf(domain, userIds))
    const recoveryCodesLeft = new LazyLoader(async (userIds) => await recoveryCodesLeftOf(domain, userIds))
    /** What an operation changed is read anew. */
    const forget = (): void => {
      for (const loader of [accounts, sessions, personalTokens, addressMails, recoveryCodesLeft]) loader.forget()
    }
    return {
      caller,
      operations: new BoundOperations(caller, forget, notes),
      proven: new Set(),
      cookie,
      refuseDeadToken: () => {
        if (caller.presentsDeadToken) throw unauthenticated(caller)
      },
      account: async (id) => await accounts.load(id),
      countUsers: async (selection) => await countUsers(domain, selection),
      sessions: async (userId) => await sessions.load(userId),
      session: async (id) => await findSession(domain, caller.viewer, id),
      personalTokens: async (userId) => await personalTokens.load(userId),
      personalToken: async (id) => await findPersonalToken(domain, caller.viewer, id),
      addressMails: async (userId) => await addressMails.load(userId),
      recoveryCodesLeft: async (userId) => await recoveryCodesLeft.load(userId),
      auditEvent: async (seq) => await findAuditEvent(domain, caller.viewer, seq),
      webhook: async (id) => await findWebhook(domain, caller.viewer, id),
      webhookDelivery: async (key) => await findDelivery(domain, caller.viewer, key),
      waitingMail: async (id) => await findWaitingMail(domain, caller.viewer, id),
      dialectUse: async (key) => await findDialectUse(domain, caller.viewer, key),
      auditEventsOf: async (userId, page) =>
        await findAuditEvents(domain, { ...page, filter: { ...page.filter, userId } }).catch((error: unknown) => rethrow(notes, error)),
    }
  }
}
