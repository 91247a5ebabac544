/**
 * What somebody with a stolen token does, by the routes of `xiot`, and what the owner finds in the mailbox.
 */
import { expect } from 'vitest'
import { mutate } from '../graphql/ask.ts'
import { PASSWORD, type Person } from '../support/accounts.ts'
import type { Answer, World } from '../support/world.ts'

export const CHANGE = '/v1/account/change-email'
export const ENABLE = '/v1/security/twofactor-enable'
export const DISABLE = '/v1/security/twofactor-disable'
export const NEW = 'another right horse battery'

export const changeEmail = async (world: World, token: string, email: string): Promise<Answer> => await world.put(CHANGE, { email }, token)

/** A token of a new session of somebody, by the way in which each surface signs in. */
export const signIns: Readonly<Record<string, (world: World, owner: Pick<Person, 'email'>) => Promise<string>>> = {
  GraphQL: async (world, { email }) =>
    (await mutate(world, 'signIn', { identifier: email, password: PASSWORD })).credentials.accessToken.token,
  authentication: async (world, { email }) => (await world.post('/auth/login', { email, password: PASSWORD })).body.tokens.access.token,
  wekan: async (world, { email }) => (await world.post('/users/login', { email, password: PASSWORD })).body.token,
}

/** The tokens in the links to a page, in all mails to an address, oldest first. */
export const linksTo = (world: World, to: string, page: string): string[] =>
  world.mails
    .filter((mail) => mail.to === to)
    .flatMap(({ text }) => [...text.matchAll(new RegExp(`/${page}#token=([\\w-]+)`, 'g'))].map(([, token]) => token ?? ''))

export const undoLinks = (world: World, to: string): string[] => linksTo(world, to, 'undo-change')
export const resetLinks = (world: World, to: string): string[] => linksTo(world, to, 'reset-password')

export const askForReset = async (world: World, email: string): Promise<void> =>
  expect((await world.post('/auth/forgot-password', { email })).status).toBe(200)

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every form
export const undo = async (world: World, token: string | undefined, newPassword = NEW): Promise<any> =>
  await mutate(world, 'undoAccountChange', { token, newPassword })

export const signInStatus = async (world: World, email: string, password: string): Promise<number> =>
  (await world.post('/v1/auth/login', { email, password })).status

export const rowOf = async (world: World, { id }: Pick<Person, 'id'>) => await world.db.client.user.findUniqueOrThrow({ where: { id } })
