/** The caller of what the server does by its own decision: nobody, from this machine. Its rights are never asked for. */
import type { Caller } from './caller.ts'
import type { Domain } from './domain.ts'

/** @param work what it does; events have it in place of the id of a request */
export const serverCaller = ({ config }: Pick<Domain, 'config'>, work: string): Caller => ({
  surface: 'graphql',
  clientAddress: 'localhost',
  userAgent: null,
  requestId: work,
  locale: config.DEFAULT_LOCALE,
  viewer: null,
  steppedUp: false,
  presentsDeadToken: false,
  registrationOpen: false,
})
