/**
 * How a session in a cookie ends beside a sign-out: by idleness, and from the list of sessions.
 */
import { expect, it } from 'vitest'
import { PASSWORD, person } from '../support/accounts.ts'
import { type CookieWorld, openBrowser } from '../support/cookieJar.ts'
import { useWorld } from '../support/world.ts'
import { expectFailure, MINUTE, mutate, query } from './ask.ts'

const world = useWorld()

const browserOf = async (): Promise<{ readonly id: string; readonly browser: CookieWorld }> => {
  const { id, email } = await person(world())
  const browser = openBrowser(world())
  await mutate(browser, 'signIn', { identifier: email, password: PASSWORD, transport: 'COOKIE' })
  return { id, browser }
}
const me = async (browser: CookieWorld) => await query(browser, 'me { id }')

it('a session in a cookie goes on as long as it is used within the hour, and ends when it was not', async () => {
  const { id, browser } = await browserOf()
  for (let hour = 0; hour < 3; hour += 1) {
    world().advance(59 * MINUTE)
    expect(await me(browser)).toEqual({ id })
  }
  world().advance(63 * MINUTE)
  expectFailure(await me(browser), 'errors', 'UNAUTHENTICATED')
  expect(browser.last().headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-vestibule-session=; .*Max-Age=0/)])
})

it.each([
  [
    'endSession',
    async (browser: CookieWorld) => ({ id: (await query(browser, 'me { sessions { id current } }')).sessions.find(isCurrent).id }),
  ],
  ['endUserSessions', async (_browser: CookieWorld, id: string) => ({ id })],
])('%s of the session in the cookie takes the cookie along', async (name, input) => {
  const { id, browser } = await browserOf()
  await world().db.client.user.update({ where: { id }, data: { isAdmin: true } })
  await mutate(browser, name, await input(browser, id))
  expect(browser.last().headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-vestibule-session=; .*Max-Age=0/)])
  expect(browser.last().headers.get('clear-site-data')).toBe('"storage"')
  expect(await me(browser)).toBeNull()
})

function isCurrent({ current }: { readonly current: boolean }): boolean {
  return current
}
