/**
 * The caller of the command line. Who can read the settings of the server and its database can do everything anyway, so an operator needs
 * no account, holds every right, and has always just proved to be one. Events of what operators do have no actor, and the surface `cli`.
 */
import { uuid } from '../base/ids.ts'
import type { Account } from './account.ts'
import type { Caller, Viewer } from './caller.ts'
import type { Domain } from './domain.ts'

/** No account has the empty id. */
const nobody = (now: Date): Account => ({
  id: '',
  seq: 0n,
  createdAt: now,
  updatedAt: now,
  email: null,
  emailVerifiedAt: null,
  heldEmail: null,
  heldVerifiedAt: null,
  heldUntil: null,
  username: '',
  name: '',
  firstName: '',
  lastName: null,
  phone: null,
  phoneE164: null,
  bio: null,
  locale: 'en',
  isAdmin: true,
  loginDisabled: false,
  scopes: [],
  passwordHash: null,
  mustChangePassword: false,
  credentialVersion: 0,
  twoFactorSecret: null,
  twoFactorPending: null,
  twoFactorLastStep: null,
})

const viewerAt = (now: Date): Viewer => ({
  session: {
    id: '',
    userId: '',
    kind: 'token',
    name: null,
    scopes: [],
    surface: 'cli',
    origin: null,
    createdAt: now,
    expiresAt: now,
    endedAt: null,
    lastSeenAt: now,
    authenticatedAt: now,
  },
  account: nobody(now),
  rights: { isAdmin: true, scopes: [] },
  cookie: null,
})

/** A caller for one command. */
export const operatorCaller = ({ clock, randomBytes, config }: Pick<Domain, 'clock' | 'randomBytes' | 'config'>): Caller => ({
  surface: 'cli',
  clientAddress: 'localhost',
  userAgent: null,
  requestId: uuid(randomBytes),
  locale: config.DEFAULT_LOCALE,
  viewer: viewerAt(clock.now()),
  presentsDeadToken: false,
  steppedUp: true,
  registrationOpen: true,
})

/** The domain as operators use it: limits are for strangers. */
export const withoutLimits = (domain: Domain): Domain => ({
  ...domain,
  limits: { ...domain.limits, attempt: async () => undefined, change: async () => undefined, changeRefused: async () => undefined },
})
