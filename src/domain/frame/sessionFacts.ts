/** What a request needs to know of its session. */
import type { Session } from '../../db/generated/client.ts'

export type SessionFacts = Omit<Session, 'clientAddress' | 'userAgent' | 'refreshCounter' | 'refreshExpiresAt' | 'refreshRotations'>
