/**
 * The schema: every noun, put together.
 */
import { builder } from './builder.ts'
import './types/error.ts'
import './types/user.ts'
import './types/session.ts'
import './types/profile.ts'
import './types/twoFactor.ts'
import './types/administration.ts'
import './types/audit.ts'

export const schema = builder.toSchema()
