/** All protections that `npm run test:protections` takes out. */
import { access } from './access.ts'
import { credentials } from './credentials.ts'
import { data } from './data.ts'
import { http } from './http.ts'
import type { Protection } from './protection.ts'
import { sessions } from './sessions.ts'

export const protections: readonly Protection[] = [...http, ...sessions, ...credentials, ...access, ...data]
