/**
 * Words of its context make no password, wherever one is set: on GraphQL by default, on the dialects by a setting.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import { enabledDialects } from '../src/rest/dialects.ts'
import { admin, person } from './support/accounts.ts'
import { newAda, passwordWays } from './support/newPasswords.ts'
import { useWorld } from './support/world.ts'

const REASON = 'is little more than names and addresses of its owner or of this service'

describe('switched on everywhere', () => {
  const world = useWorld({ COMMON_PASSWORDS_DIALECTS: 'true' })
  beforeAll(async () => {
    await admin(world())
  })

  it.each(passwordWays)('$name refuses her address and the product, names no word, and takes a passphrase', async ({ begin, refusal }) => {
    const attempt = await begin(world())
    for (const password of ['ENGINES-ada-1815', 'Vestibule2026']) {
      const reason = refusal(await attempt(password))
      expect(reason).toContain(REASON)
      expect(reason?.toLowerCase()).not.toMatch(/ada|engines|vestibule/)
    }
    expect(refusal(await attempt('correct horse ada battery'))).toBeNull()
  })

  it.each(passwordWays.filter(({ surface }) => surface === 'graphql'))('$name looks at her name and username too', async (way) => {
    const attempt = await way.begin(world())
    for (const password of ['AdaLovelace1815!', 'Countess!!!!2026']) expect(way.refusal(await attempt(password))).toContain(REASON)
  })

  it('a common password is called that, whatever its case', async () => {
    const [signUp] = passwordWays
    const attempt = await signUp?.begin(world())
    for (const password of ['password1', 'PassWord1'])
      expect(signUp?.refusal((await attempt?.(password)) as never)).toBe('is one of the most common passwords')
  })

  it('a dead token is said to be dead, whatever the password: nothing is compared for it', async () => {
    const ada = await person(world(), newAda())
    await world().post('/auth/forgot-password', { email: ada.email })
    const token = /#token=([\w-]+)/.exec(world().mails.findLast(({ to }) => to === ada.email)?.text ?? '')?.[1]
    const reset = async (password: string) => await world().post('/v1/security/reset-password', { token, password })
    expect((await reset('AdaLovelace1815!')).status).toBe(400)
    expect((await reset('correct horse battery')).status).toBe(200)
    for (const password of ['AdaLovelace1815!', 'correct horse battery']) expect((await reset(password)).status).toBe(401)
  })

  it('a password with a word of its context is refused at once with whatever else is wrong', async () => {
    const { body } = await world().graphql(
      'mutation($input: SignUpInput!) { result: signUp(input: $input) { ... on InputError { fieldErrors { field } } } }',
      { input: { email: 'ada lovelace', name: 'Ada Lovelace', password: 'AdaLovelace1815' } },
    )
    expect(body.result.fieldErrors).toEqual([{ field: 'email' }, { field: 'password' }])
  })
})

describe('by default', () => {
  const world = useWorld()
  beforeAll(async () => {
    await admin(world())
  })

  it.each(passwordWays)('$name: $surface', async ({ surface, begin, refusal }) => {
    const reason = refusal(await (await begin(world()))('ada@engines2026'))
    if (surface === 'graphql') expect(reason).toBe(REASON)
    else expect(reason).toBeNull()
  })
})

describe('COMMON_PASSWORDS_GRAPHQL=false', () => {
  const world = useWorld({ COMMON_PASSWORDS_GRAPHQL: 'false' })
  it('with COMMON_PASSWORDS_GRAPHQL=false a password of the words of its context is accepted', async () => {
    expect((await person(world(), { ...newAda(), password: 'AdaLovelace' })).id).toEqual(expect.any(String))
  })
})

it('every route that takes a new password is among the ways', () => {
  const rows = enabledDialects(readConfig({})).flatMap(({ mounts }) => mounts.flatMap(({ rows: ofMount }) => ofMount))
  const setters = rows.filter(({ document }) => /signUp|createUser|changePassword|resetPassword/.test(JSON.stringify(document)))
  const names = [...new Set(setters.map(({ method, path }) => `${method} ${path}`))].sort()
  expect(passwordWays.filter(({ surface }) => surface === 'dialect').map(({ name }) => name)).toEqual(expect.arrayContaining(names))
  expect(names).toHaveLength(8)
})
