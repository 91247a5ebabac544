/**
 * How the token of a session travels, which a front end chooses when it signs in (docs/sessions.md).
 */
import type { Transport } from '../../domain/base/surfaces.ts'
import { builder } from '../builder.ts'

const values: Readonly<Record<Uppercase<Transport>, { value: Transport; description: string }>> = {
  BEARER: {
    value: 'bearer',
    description: 'Tokens in the answer, sent as `Authorization: Bearer …`: for native apps, scripts, and pages of other sites.',
  },
  COOKIE: {
    value: 'cookie',
    description:
      'A cookie that no script can read, and no token in the answer: for pages of the same site. Each request needs the header `x-csrf-protection: 1`.',
  },
}

export const SessionTransport = builder.enumType('SessionTransport', { description: 'How the token of a session travels.', values })
