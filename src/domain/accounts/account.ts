/**
 * An account. The row is what operations hand out; each surface shapes its own view of it.
 */
import type { User } from '../../db/generated/client.ts'

export type Account = User
