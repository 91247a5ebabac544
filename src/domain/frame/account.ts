/** An account, as operations return it: the row of the database without what only a few rules look at. Each surface has its own view of it. */
import type { User } from '../../db/generated/client.ts'

export type Account = Omit<User, 'nameKey' | 'identifierKeys' | 'passwordFailures' | 'twoFactorFailures' | 'twoFactorBlockedUntil'>
