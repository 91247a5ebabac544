/**
 * Sign-up, open to anybody while registration is, and the creation of accounts by those who may. Whoever signs up is
 * signed in.
 */
import { z } from 'zod'
import { inTransaction } from '../../db/transaction.ts'
import { record } from '../audit.ts'
import { type Caller, viewerOf } from '../caller.ts'
import type { Domain } from '../domain.ts'
import { prepareVerification, sendVerification } from '../emails/verify.ts'
import { Failure } from '../errors.ts'
import { bio, email, firstName, lastName, name, parse, phone, username } from '../input.ts'
import { newPassword } from '../passwords/policy.ts'
import type { Account } from '../sessions/authenticate.ts'
import { noteDevice } from '../sessions/devices.ts'
import { type Credentials, openSession } from '../sessions/open.ts'
import { createAccount, type NewAccount } from './create.ts'
import { emailTaken, findByIdentifier, usernameTaken } from './identifiers.ts'
import { scopeList } from './scopes.ts'

const schema = (domain: Domain, caller: Caller) =>
  z.object({
    email: email.nullish(),
    username: username.nullish(),
    password: newPassword(domain, caller),
    name: name.nullish(),
    firstName: firstName.nullish(),
    lastName: lastName.nullish(),
    phone: phone.optional(),
    bio: bio.nullish(),
  })

type NewAccountInput = z.input<ReturnType<typeof schema>>
export type SignUpInput = NewAccountInput
export type CreateUserInput = NewAccountInput & { readonly scopes?: readonly string[] | null | undefined }

/** Validates, refuses what is taken, and hashes: all that needs no transaction. */
const prepare = async (domain: Domain, caller: Caller, input: NewAccountInput): Promise<NewAccount> => {
  const given = parse(schema(domain, caller), input)
  if (given.email == null && given.username == null) {
    throw new Failure('IDENTIFIER_REQUIRED', {
      message: 'Need to set a username or email',
      fieldErrors: [{ field: 'email', message: 'is required' }],
    })
  }
  if (given.username != null && (await findByIdentifier(domain, given.username)) !== null) throw usernameTaken()
  if (given.email != null && (await findByIdentifier(domain, given.email)) !== null) throw emailTaken()
  return { ...given, email: given.email ?? null, username: given.username ?? null, passwordHash: await domain.hasher.hash(given.password) }
}

export interface SignedUp {
  readonly account: Account
  /** Null on a surface whose document hands out none at sign-up. */
  readonly credentials: Credentials | null
}

/**
 * Registers an account and signs it in; where VERIFY_EMAIL is on, its address gets a mail to answer.
 * @throws {Failure} REGISTRATION_CLOSED, INVALID_INPUT, IDENTIFIER_REQUIRED, EMAIL_TAKEN, USERNAME_TAKEN, TOO_MANY_REQUESTS, OVERLOADED
 */
export async function signUp(domain: Domain, caller: Caller, input: SignUpInput): Promise<SignedUp> {
  await domain.limits.attempt(caller.clientAddress)
  const prepared = await prepare(domain, caller, input)
  const code = await prepareVerification(domain, prepared.email)
  return await inTransaction(domain.db, async (tx) => {
    const account = await createAccount(domain, tx, caller, prepared)
    await record(domain, tx, caller, { type: 'account.created', userId: account.id })
    await sendVerification(domain, tx, caller, account, code)
    if (!domain.surfaces[caller.surface].signUpSignsIn) return { account, credentials: null }
    await noteDevice(domain, tx, caller, account)
    return await openSession(domain, tx, caller, account)
  })
}

/**
 * Creates an account for somebody else, also while registration is closed. Its owner is asked to change the password.
 * @throws {Failure} FORBIDDEN for a scope that the caller lacks, INVALID_INPUT, IDENTIFIER_REQUIRED, EMAIL_TAKEN, USERNAME_TAKEN
 */
export async function createUser(domain: Domain, caller: Caller, input: CreateUserInput): Promise<Account> {
  const viewer = viewerOf(caller)
  const scopes = scopeList(viewer, input.scopes ?? [])
  const prepared = await prepare(domain, caller, input)
  return await inTransaction(domain.db, async (tx) => {
    const account = await createAccount(domain, tx, caller, { ...prepared, mustChangePassword: true, scopes })
    await record(domain, tx, caller, { type: 'account.created', userId: account.id })
    return account
  })
}
