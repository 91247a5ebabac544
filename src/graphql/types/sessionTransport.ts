/**
 * How a client receives and sends the token of its session. A front end chooses this at sign-in (docs/sessions.md).
 */
import type { Transport } from '../../domain/base/surfaces.ts'
import { builder } from '../builder.ts'

const values: Readonly<Record<Uppercase<Transport>, { value: Transport; description: string }>> = {
  BEARER: {
    value: 'bearer',
    description: 'The answer holds the tokens; send them as `Authorization: Bearer …`. For native apps, scripts, and pages of other sites.',
  },
  COOKIE: {
    value: 'cookie',
    description:
      'The token is in a cookie that scripts cannot read, and not in the answer. For pages of the same site; each request needs the header `x-csrf-protection: 1`.',
  },
}

export const SessionTransport = builder.enumType('SessionTransport', {
  description: 'How a client receives and sends the token of its session.',
  values,
})
