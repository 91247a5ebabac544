/** What waits in the outbox. */
import type { EntryKind } from '../../domain/outbox/queue.ts'
import { type WaitingMail, waitingPlace } from '../../domain/outbox/waiting.ts'
import { builder } from '../builder.ts'
import { pageOf } from '../connectionPages.ts'

const KindEnum = builder.enumType('WaitingMailKind', {
  description: 'What waits in the outbox.',
  values: {
    MAIL: { value: 'mail', description: 'A mail.' },
    PASSWORD_RESET: { value: 'password_reset', description: 'A requested reset: whether it becomes a mail is not looked up yet.' },
    DIGEST: { value: 'digest', description: 'Notices beyond the hourly limit, which become one mail.' },
  } as const satisfies Record<string, { value: EntryKind; description: string }>,
})

const WaitingMailType = builder.objectRef<WaitingMail>('WaitingMail')

builder.node(WaitingMailType, {
  name: 'WaitingMail',
  description: 'A mail that waits to be sent. What it says is not shown, because it may hold a token.',
  id: { resolve: ({ id }) => id, description: 'Begins with `WaitingMail:`.' },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'dueAt' in value,
  loadOne: async (id, { waitingMail }) => await waitingMail(id),
  fields: (t) => ({
    kind: t.expose('kind', { type: KindEnum, description: 'What it is.' }),
    address: t.exposeString('address', {
      nullable: true,
      description: 'The address that it goes to; null before that is known, and if no key of the server decrypts the mail.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was queued.' }),
    attempts: t.exposeInt('attempts', { description: 'How many attempts were made, including one under way.' }),
    nextAttemptAt: t.expose('dueAt', {
      type: 'DateTime',
      description: 'When the next attempt is due; while one is under way, when the next is made if its process dies.',
    }),
    lastFailure: t.exposeString('lastFailure', {
      nullable: true,
      description: 'Why the last attempt failed, in a few words or codes; null if none did.',
    }),
  }),
})

const WaitingMailConnection = builder.connectionObject(
  { type: WaitingMailType, name: 'WaitingMailConnection', description: 'A page of waiting mails.' },
  { name: 'WaitingMailEdge', description: 'A waiting mail in a page, with its cursor.' },
)

builder.queryField('waitingMails', (t) =>
  t.connection(
    {
      type: WaitingMailType,
      nullable: true,
      description: 'The mails that wait to be sent, the oldest first.',
      resolve: async (_root, args, { operations, caller }) =>
        await pageOf(caller, args, { order: 'waitingMails', placeOf: waitingPlace, load: operations.waitingMails }),
    },
    WaitingMailConnection,
  ),
)
