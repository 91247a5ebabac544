/** An account: the row of the database. Operations return it, and each surface has its own view of it. */
import type { User } from '../../db/generated/client.ts'

export type Account = User
