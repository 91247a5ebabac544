/**
 * Searches find an account by the username and the address that it has now, whatever changed them, and no longer by the ones before.
 */
import { beforeAll, expect, it } from 'vitest'
import { mailedToken, mutate, query } from './graphql/ask.ts'
import { admin, PASSWORD, type Person, person, signInOnV1, verifiedPerson } from './support/accounts.ts'
import { useWorld } from './support/world.ts'
import { askForReset, changeEmail, NEW, resetLinks, undo, undoLinks } from './takeover/support.ts'

const world = useWorld({ LIMIT_RESET_MAILS: '1000' })
let token = ''
beforeAll(async () => {
  token = (await admin(world())).token
})

const found = async (search: string): Promise<string[]> => {
  const users = await query(world(), 'users(search: $search) { edges { node { id } } }', token, { search }, '($search: String)')
  return users.edges.map(({ node }: { node: { id: string } }) => node.id)
}

const expectMoved = async ({ id }: Pick<Person, 'id'>, from: string, to: string): Promise<void> => {
  expect(await found(to.toUpperCase())).toEqual([id])
  expect(await found(from)).toEqual([])
}

it('a new account is found by its address, and by the username that comes from it', async () => {
  const { user } = await mutate(world(), 'signUp', { email: 'Wanda.Quill@example.com', password: PASSWORD })
  expect(await found('QUILL@example')).toEqual([user.id])
  expect(await found('wanda.quill')).toEqual([user.id])
})

it('a search does not go from the username into the address', async () => {
  const { user } = await mutate(world(), 'signUp', { username: 'elsewhere', email: 'nowhere@example.com', password: PASSWORD })
  expect(await found('elsewhere')).toEqual([user.id])
  expect(await found('elsewherenowhere')).toEqual([])
  expect(await found('elsewhere nowhere')).toEqual([])
})

it('a change of address at once, and its undo', async () => {
  const owner = await verifiedPerson(world(), { email: 'first.at.once@example.com', username: 'atonce' })
  await changeEmail(world(), await signInOnV1(world(), owner), 'second.at.once@example.com')
  await expectMoved(owner, 'first.at.once', 'second.at.once')
  await undo(world(), undoLinks(world(), owner.email)[0])
  await expectMoved(owner, 'second.at.once', 'first.at.once')
})

it('a confirmed change of address', async () => {
  const owner = await verifiedPerson(world(), { email: 'first.confirmed@example.com', username: 'confirmed' })
  await mutate(world(), 'changeEmail', { email: 'second.confirmed@example.com' }, owner.token)
  await mutate(world(), 'confirmEmail', { token: mailedToken(world(), 'second.confirmed@example.com') })
  await expectMoved(owner, 'first.confirmed', 'second.confirmed')
})

it('a reset by the mail to the held address', async () => {
  const owner = await verifiedPerson(world(), { email: 'first.reset@example.com', username: 'isreset' })
  await changeEmail(world(), await signInOnV1(world(), owner), 'second.reset@example.com')
  await askForReset(world(), owner.email)
  const reset = resetLinks(world(), owner.email).at(-1)
  await mutate(world(), 'resetPassword', { token: reset, newPassword: NEW })
  await expectMoved(owner, 'second.reset', 'first.reset')
})

it('an address that its owner has disowned', async () => {
  const stranger = await person(world(), { email: 'not.mine@example.com', username: 'stranger' })
  await mutate(world(), 'requestEmailVerification', undefined, stranger.token)
  await mutate(world(), 'disownEmail', { token: mailedToken(world(), stranger.email) })
  await expectMoved(stranger, 'not.mine', 'stranger')
})
