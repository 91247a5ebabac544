/** The sessions of an account that are taken over: the newest ones, as many as an account may bring (`domain/moving/accountRecord.ts`). */
import type { GivenAccount } from '../domain/moving/accountRecord.ts'

type Session = NonNullable<GivenAccount['sessions']>[number] & { readonly createdAt: number }

const MOST = 1_000
const MORE = 'sessions beyond the 1,000 newest'

export const newestSessions = (sessions: readonly Session[]): Session[] =>
  sessions.toSorted((one, other) => other.createdAt - one.createdAt).slice(0, MOST)

/** What to note of so many sessions. */
export const noteOfSessions = (count: number): string[] => (count > MOST ? [MORE] : [])
