/**
 * The links of mails, from the mail to the database, in a real browser: opening one spends nothing, the page posts the new
 * password or the confirmation, and the token is gone from the address bar.
 */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PASSWORD, person, verifiedPerson } from '../support/accounts.ts'
import { findBrowser, launch } from '../support/browser.ts'
import { useWorld, type World } from '../support/world.ts'

const executable = findBrowser()

/** The link in the newest mail to an address, on the server of the test. */
const linkTo = (world: World, address: string): string => {
  const mail = world.mails.findLast(({ to }) => to === address)
  const link = /http:\/\/vestibule\.test(\/\S+)/.exec(mail?.text ?? '')?.[1]
  if (link === undefined) throw new Error(`no mail with a link went to ${address}`)
  return world.url + link
}

describe.skipIf(executable === undefined)('the links of mails', () => {
  const world = useWorld()
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    browser = await launch(executable ?? '')
  })
  afterAll(async () => await browser.close())

  const open = async (link: string): Promise<void> => {
    page = await browser.newPage()
    await page.goto(link)
  }
  const said = async (): Promise<string> => (await page.locator('main').textContent()) ?? ''

  it('a forgotten password: one that is too short is refused at the field, then a good one counts', async () => {
    const { email, password } = await person(world())
    await world().post('/v1/security/forget-password', { email })
    await open(linkTo(world(), email))
    expect(page.url()).toBe(`${world().url}/reset-password`)
    expect((await world().post('/v1/auth/login', { email, password })).status).toBe(200)

    await page.getByLabel('New password', { exact: true }).fill('short')
    await page.getByRole('button', { name: 'Set new password' }).click()
    await expect.poll(said).toContain('at least 8 characters')

    await page.getByLabel('New password', { exact: true }).fill('a better one than that')
    await page.getByRole('button', { name: 'Set new password' }).click()
    await expect.poll(said).toContain('Your password is changed.')
    expect((await world().post('/v1/auth/login', { email, password: 'a better one than that' })).status).toBe(200)
    expect((await world().post('/v1/auth/login', { email, password })).status).toBe(401)
  })

  it('the link to verify an account’s address: it is verified once the button was pressed', async () => {
    const { email, token } = await person(world())
    await world().graphql('mutation { result: requestEmailVerification { __typename } }', {}, token)
    const isVerified = async () => (await world().graphql('{ me { emailVerified } }', {}, token)).body.me.emailVerified

    await open(linkTo(world(), email))
    await page.locator('main button[type=submit]').waitFor()
    expect(await isVerified()).toBe(false)
    await page.locator('main button[type=submit]').click()
    await expect.poll(isVerified).toBe(true)
  })

  it('a new address: it counts once the button was pressed, and not when the page was opened', async () => {
    const { email, token } = await person(world())
    const address = `new-${email}`
    const CHANGE = 'mutation($email: String!) { result: changeEmail(input: { email: $email }) { __typename } }'
    expect((await world().graphql(CHANGE, { email: address }, token)).body.result.__typename).toBe('ChangeEmailSuccess')
    const current = async () => (await world().get('/v1/profile', token)).body.email

    await open(linkTo(world(), address))
    await page.locator('main button[type=submit]').waitFor()
    expect(await current()).toBe(email)
    await page.locator('main button[type=submit]').click()
    await expect.poll(current).toBe(address)
  })

  it('"it was not me": the address is free once the button was pressed', async () => {
    const { id, email, token } = await person(world())
    await world().graphql('mutation { result: requestEmailVerification { __typename } }', {}, token)
    const text = world().mails.findLast(({ to }) => to === email)?.text ?? ''
    await open(world().url + (/http:\/\/vestibule\.test(\/disown-email\S+)/.exec(text)?.[1] ?? ''))
    const current = async () => (await world().db.client.user.findUniqueOrThrow({ where: { id } })).email
    await page.locator('main button[type=submit]').waitFor()
    expect(await current()).toBe(email)
    await page.locator('main button[type=submit]').click()
    await expect.poll(current).toBeNull()
    await expect.poll(said).toContain('Your e-mail address is not part of that account any more.')
  })

  it('an undo: the stolen account is back once a new password was chosen, and the link is dead when it is opened again', async () => {
    const { id, email } = await verifiedPerson(world())
    const { token } = (await world().post('/v1/auth/login', { email, password: PASSWORD })).body
    await world().put('/v1/account/change-email', { email: `thief-${email}` }, token)
    const link = linkTo(world(), email)
    await open(link)
    await page.getByLabel('New password', { exact: true }).fill('a better one than that')
    await page.locator('main button[type=submit]').click()
    await expect.poll(said).toContain('Your account is as it was before.')
    expect((await world().db.client.user.findUniqueOrThrow({ where: { id } })).email).toBe(email)
    expect((await world().post('/v1/auth/login', { email, password: 'a better one than that' })).status).toBe(200)
    await open(link)
    await expect.poll(said).toContain('This link is not valid any more')
    await page.getByLabel('E-mail address of your account').fill(email)
    await page.getByRole('button', { name: 'Send a new link' }).click()
    await expect.poll(said).toContain('a mail with a link is on its way')
    await expect.poll(() => world().mails.at(-1)?.subject).toBe('Reset your password')
  })

  it('an Arabic account: the mail opens an Arabic page, which works', async () => {
    const { email } = await person(world(), { locale: 'AR' })
    await world().post('/v1/security/forget-password', { email })
    await open(linkTo(world(), email))
    expect(page.url()).toBe(`${world().url}/reset-password?lang=ar`)
    expect(await page.evaluate('getComputedStyle(document.body).direction')).toBe('rtl')
    await page.getByLabel('كلمة المرور الجديدة', { exact: true }).fill('a better one than that')
    await page.getByRole('button', { name: 'تعيين كلمة المرور الجديدة' }).click()
    await expect.poll(said).toContain('تم تغيير كلمة مرورك.')
    expect((await world().post('/v1/auth/login', { email, password: 'a better one than that' })).status).toBe(200)
    expect(world().mails.findLast(({ to }) => to === email)?.subject).toBe('تمت إعادة تعيين كلمة المرور')
  })
})
