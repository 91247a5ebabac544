/**
 * The curl command lines of the document of `wekan`, run as printed.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { signIn } from '../../support/accounts.ts'
import { ISO } from '../support.ts'
import { PRINTED_DOCUMENT } from './printedDocument.ts'
import { type Account, at, kinds, logIn, register, useWekan, wholeDocument } from './support.ts'

const { world, admin, me } = useWekan()

describe('the curl command lines of the document', () => {
  const commands = [...PRINTED_DOCUMENT.matchAll(/curl (?:.*\\\n)*.*/g)].map(([command]) => command)
  const answers: unknown[] = []
  let open = ''
  for (const line of PRINTED_DOCUMENT.split('\n')) {
    if (open === '' && line !== '{' && line !== '[') continue
    open += line
    try {
      answers.push(JSON.parse(open))
      open = ''
    } catch {
      // Not whole yet: the next line belongs to it.
    }
  }

  interface Filling {
    readonly token?: string
    readonly id?: string
    readonly account?: Account
  }

  const curl = async (number: number, { token = '', id = '', account }: Filling = {}) => {
    const command = (commands[number - 1] ?? '')
      .replace(/http:\/\/(localhost:3000|example\.com)/, () => world().url)
      .replace(/Bearer [\w-]+/, () => `Bearer ${token}`)
      .replace(/\/api\/users\/[\w-]+/, () => `/api/users/${id}`)
      .replace('YOUR-USERNAME-HERE', () => account?.username ?? '')
      .replace('YOUR-PASSWORD-HERE', () => account?.password ?? '')
    const env = { PATH: process.env.PATH ?? '', no_proxy: '*' }
    const { stdout } = await promisify(execFile)('sh', ['-c', command], { env })
    return JSON.parse(stdout)
  }

  /** The form of a printed answer: its keys, with the types of its values. */
  const formOf = (printed: unknown): unknown => {
    if (typeof printed === 'string') return expect.any(String)
    if (typeof printed === 'boolean') return expect.any(Boolean)
    if (Array.isArray(printed)) return printed.map(formOf)
    return Object.fromEntries(Object.entries(printed as object).map(([key, value]) => [key, formOf(value)]))
  }

  const made: string[] = []
  afterEach(async () => {
    for (const id of made.splice(0)) await world().delete(at(id), admin().token)
  })

  it('the document has 13 command lines', () => {
    expect(commands).toHaveLength(13)
    expect(commands.filter((command) => command.includes('-d '))).toHaveLength(8)
    expect(answers).toHaveLength(6)
  })

  it.each([
    ['a form', 1],
    ['JSON', 2],
  ])('register with %s', async (_kind, number) => {
    const body = await curl(number)
    made.push(body.id)
    expect(body).toEqual(formOf(answers[0]))
    expect((await me(body.token)).body).toMatchObject({ username: 'myusername', emails: [{ address: 'my@email.com' }] })
    expect((await logIn(world(), 'myusername', 'mypassword')).status).toBe(200)
  })

  it.each([
    ['a form', 3],
    ['JSON', 4],
  ])('create a user with %s', async (_kind, number) => {
    const body = await curl(number, admin())
    made.push(body._id)
    expect(body).toMatchObject(formOf(answers[1]) as object)
    expect((await logIn(world(), 'myusername', 'mypassword')).body.id).toBe(body._id)
  })

  it('log in, create tester with the token, and read it by the id', async () => {
    const { token, ...signedIn } = await curl(5, { account: admin() })
    expect(signedIn).toEqual({ id: admin().id, tokenExpires: expect.stringMatching(ISO) })
    const { id } = await curl(6, { token })
    made.push(id)
    expect(await curl(7, { token, id })).toEqual(wholeDocument({ id, username: 'tester', email: 'tester@example.com' }))
    expect((await logIn(world(), 'tester', 'tester')).body.id).toBe(id)
  })

  it('delete a user', async () => {
    const { id } = await register(world())
    const body = await curl(8, { token: admin().token, id })
    expect(body).toEqual({ _id: id })
    expect(body).toEqual(formOf(answers[2]))
  })

  it('get a user: every key that is printed is there', async () => {
    const john = await register(world())
    await logIn(world(), john.username, john.password)
    const graphql = async (mutation: string, input: object, token: string) =>
      await world().graphql(
        `mutation($input: ${mutation}Input!) { ${mutation[0]?.toLowerCase()}${mutation.slice(1)}(input: $input) { __typename } }`,
        { input },
        token,
      )
    await graphql('ChangeEmail', { email: `new-${john.email}` }, john.token)
    await graphql('SetAdmin', { id: john.id, isAdmin: true }, await signIn(world(), admin()))
    made.push(john.id)
    expect(await curl(9, { token: admin().token, id: john.id })).toMatchObject(formOf(answers[3]) as object)
  })

  it('get all users', async () => {
    await register(world())
    const list = await curl(10, admin())
    const [form] = formOf(answers[4]) as object[]
    expect(list.length).toBeGreaterThan(1)
    for (const item of list) expect(item).toEqual(form)
  })

  it('get the logged-in user', async () => {
    const { token } = await register(world())
    expect(await curl(11, { token })).toMatchObject(formOf(answers[5]) as object)
  })

  it('disable and enable login', async () => {
    const { id, username, password } = await register(world())
    expect(await curl(12, { token: admin().token, id })).toMatchObject({ _id: id, loginDisabled: true })
    expect((await logIn(world(), username, password)).status).toBe(403)
    expect(await curl(13, { token: admin().token, id })).not.toHaveProperty('loginDisabled')
    expect((await logIn(world(), username, password)).status).toBe(200)
  })

  it.each(kinds)('the values of its tables as %s', async (_kind, send) => {
    const fields = { username: 'myusername', password: 'my$up3erP@ssw0rd', email: 'my@email.com' }
    const { body } = await world().request('POST', '/users/register', send(fields))
    made.push(body.id)
    expect((await logIn(world(), fields.username, fields.password)).body.id).toBe(body.id)
  })
})
