/** Families of password hashes in modules: the example for Devise with a pepper, whose hash bcryptjs makes, and modules that are wrong. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import bcrypt from 'bcryptjs'
import { afterAll, describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from '../../src/config.ts'
import { readHashFamilies } from '../../src/server/readHashFamilies.ts'
import { useDirectory } from '../support/commands.ts'
import { root } from '../support/database.ts'
import { openWorld } from '../support/world.ts'
import { fileOf, importFile } from './support.ts'

const EXAMPLE = join(root, 'examples/devise-pepper/devisePepper.mjs')
const directory = useDirectory()
process.env.DEVISE_PEPPER = 'black pepper'
afterAll(() => {
  delete process.env.DEVISE_PEPPER
})

const SIGN_IN =
  'mutation($input: SignInInput!) { result: signIn(input: $input) { ... on SignInSuccess { user { id } } ... on Error { code } } }'

describe('the example for a pepper', () => {
  it('lets people of Devise sign in by their passwords, and their hashes are replaced', async () => {
    const world = await openWorld({ HASH_FAMILIES: EXAMPLE })
    try {
      const passwordHash = `$devise${bcrypt.hashSync('an old passwordblack pepper', 4).replace('$2b$', '$2a$')}`
      const other = `$devise${bcrypt.hashSync('an old password', 4)}`
      const file = await fileOf(directory(), [
        { id: 'with', username: 'with', passwordHash },
        { id: 'without', username: 'without', passwordHash: other },
        { id: 'wrong', username: 'wrong', passwordHash: '$devise$5$salt$hash' },
      ])
      expect((await importFile(world, file)).json).toMatchObject({ created: 2, rejected: 1 })
      const signIn = async (identifier: string) =>
        (await world.graphql(SIGN_IN, { input: { identifier, password: 'an old password' } })).body.result
      expect(await signIn('without')).toEqual({ code: 'BAD_CREDENTIALS' })
      expect(await signIn('with')).toEqual({ user: { id: 'with' } })
      expect((await world.db.client.user.findUniqueOrThrow({ where: { id: 'with' } })).passwordHash).toMatch(/^\$argon2id\$/)
      expect(await signIn('with')).toEqual({ user: { id: 'with' } })
    } finally {
      await world.close()
    }
  })
})

describe('a module that is wrong', () => {
  it.each([
    ['exports no function', 'export default 5', 'its default export is not a function'],
    ['exports nothing', '', 'has no default export'],
    ['makes no family', 'export default () => ({})', 'its function returns no family: { name, read }'],
    ['has a name that is taken', "export default () => ({ name: 'bcrypt', read: () => null })", 'the name bcrypt is taken'],
    ['throws', "export default () => { throw new Error('out of pepper') }", 'out of pepper'],
  ])('is a setting that is refused at start: %s', async (what, text, problem) => {
    const path = join(directory(), `${what.replaceAll(' ', '-')}.mjs`)
    await writeFile(path, text)
    const refused = await readHashFamilies(readConfig({ HASH_FAMILIES: path })).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(ConfigError)
    expect((refused as ConfigError).problems).toEqual([`HASH_FAMILIES: ${path}: ${problem}`])
  })

  it('a family that fails, or asks for too much work, refuses the hash and keeps nobody from signing in', async () => {
    const path = join(directory(), 'failing.mjs')
    await writeFile(
      path,
      `export default () => ({ name: 'failing', read(text) {
        if (text === '$fails') throw new Error('a secret: ' + text)
        if (text === '$odd') return { kind: 5 }
        return text === '$dear' ? { kind: 'dear', work: 1e9, unmatched: '$dear', fits: async () => true } : null } })`,
    )
    const world = await openWorld({ HASH_FAMILIES: path })
    try {
      const records = ['$fails', '$odd', '$dear'].map((passwordHash, at) => ({ id: `f${at}`, username: `f${at}`, passwordHash }))
      const { json } = await importFile(world, await fileOf(directory(), records))
      expect(json).toMatchObject({ created: 0, rejected: 3 })
      expect((await world.graphql(SIGN_IN, { input: { identifier: 'f0', password: 'x' } })).body.result).toEqual({
        code: 'BAD_CREDENTIALS',
      })
    } finally {
      await world.close()
    }
  })
})
