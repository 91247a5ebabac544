/**
 * Worlds whose mails go to a real mail server, on one database that survives them; and a look into the outbox.
 */

import { readConfig } from '../../src/config.ts'
import type { Database } from '../../src/db/database.ts'
import type { OutboxEntry } from '../../src/db/generated/client.ts'
import type { Deliver, Mail } from '../../src/domain/base/ports.ts'
import { createMailer } from '../../src/mail/mailer.ts'
import { silent } from '../../src/tools/silent.ts'
import type { Person } from '../support/accounts.ts'
import { openWorld, type World, type WorldOptions } from '../support/world.ts'

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** A world on `db` that sends through the mail server at `url`. */
export const worldThrough = async (
  db: Database,
  url: string,
  settings: Readonly<Record<string, string>> = {},
  options: Omit<WorldOptions, 'db' | 'deliver'> = {},
): Promise<World> => {
  const config = readConfig({ SMTP_URL: url, MAIL_FROM: 'Vestibule <accounts@example.org>' })
  const mailer = createMailer({ config, dataDir: '/nowhere', log: silent })
  const world = await openWorld(settings, { ...options, db, deliver: mailer.deliver })
  return {
    ...world,
    async close() {
      await world.close()
      mailer.close()
    },
  }
}

/** Asks for a reset mail, which is one mail of ours that anybody can cause. */
export const askForReset = async (world: World, { email }: Pick<Person, 'email'>): Promise<void> => {
  const { status } = await world.post('/auth/forgot-password', { email })
  if (status !== 200) throw new Error(`forgot-password answered ${status}`)
}

/** The same without waiting for the mail. */
export const askWithoutWaiting = async (world: World, email: string, path = '/auth/forgot-password'): Promise<Response> => {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(world.url + path, { method: 'POST', headers, body: JSON.stringify({ email }) })
  world.conforms('POST', path, { status: response.status, headers: response.headers, text: await response.clone().text() })
  return response
}

/** A way out that takes nothing in until it is opened. */
export const gated = () => {
  const taken: Mail[] = []
  let open = (): void => undefined
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  const deliver: Deliver = async (mail) => {
    taken.push(mail)
    await gate
    return { outcome: 'delivered' }
  }
  return { deliver, taken, open: () => open() }
}
/** Moves time on when the worker rests, and waits until it rests again. */
export const later = async (world: World, milliseconds: number): Promise<void> => {
  await world.app.outbox.idle()
  world.advance(milliseconds)
  await world.app.outbox.idle()
}

export const entriesOf = async (world: World): Promise<OutboxEntry[]> =>
  await world.db.client.outboxEntry.findMany({ orderBy: { seq: 'asc' } })

export const linesOf = (world: World, level: string): string[] =>
  world.logs.filter((line) => line.level === level).map(({ message }) => message)
