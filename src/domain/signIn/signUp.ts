/** Sign-up, open to anybody while registration is open, and the creation of accounts by others. Sign-up also signs in. */
import * as z from 'zod'
import { inTransaction } from '../../db/transaction.ts'
import { scopeList } from '../accounts/accountScopes.ts'
import { createAccount, type NewAccount, recordCreated } from '../accounts/createAccount.ts'
import { Failure } from '../base/errors.ts'
import { email, parse } from '../base/input.ts'
import type { Locale } from '../base/locales.ts'
import type { Transport } from '../base/surfaces.ts'
import { prepareVerification, sendVerification } from '../emails/verifyEmail.ts'
import type { Account } from '../frame/account.ts'
import { type Caller, viewerOf } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { asNobody } from '../frame/rules.ts'
import type { PasswordOwner } from '../passwords/contextWords.ts'
import { newPassword, refusePwned } from '../passwords/policy.ts'
import type { IssuedToken } from '../sessions/accessTokens.ts'
import { withTransport } from '../sessions/cookies.ts'
import type { Credentials } from '../sessions/makeSession.ts'
import { openFirst } from '../sessions/openSession.ts'
import { accountFields, newAccountOf, refuseTaken } from './newAccountInput.ts'

const { username, ...otherFields } = accountFields

const schema = (domain: Domain, caller: Caller, owner?: PasswordOwner) =>
  z.object({
    email: email.nullish(),
    // The order of the fields is that of their errors.
    username,
    password: newPassword(domain, caller, owner),
    ...otherFields,
  })

type NewAccountInput = z.input<ReturnType<typeof schema>>
export type SignUpInput = NewAccountInput & { readonly transport?: Transport | undefined }
export type CreateUserInput = NewAccountInput & { readonly scopes?: readonly string[] | null | undefined }

type Given = z.output<ReturnType<typeof schema>>

/** @throws {Failure} INVALID_INPUT, IDENTIFIER_REQUIRED */
const read = (domain: Domain, caller: Caller, input: NewAccountInput): Given => {
  const given = parse(schema(domain, caller, input), input)
  if (given.email == null && given.username == null) {
    throw new Failure('IDENTIFIER_REQUIRED', {
      message: 'Need to set a username or email',
      fieldErrors: [{ field: 'email', message: 'is required' }],
    })
  }
  return given
}

/**
 * Refuses identifiers that are taken and passwords known from breaches, and hashes the password: all that needs no transaction.
 * `fallback` is the language if none is given.
 */
const prepare = async (domain: Domain, caller: Caller, given: Given, fallback: Locale): Promise<NewAccount> => {
  await refuseTaken(domain, given)
  await refusePwned(domain, caller, 'password', given.password)
  const passwordHash = await domain.hasher.hash(
    { client: caller.clientAddress, account: given.email ?? given.username ?? '' },
    given.password,
  )
  return newAccountOf(given, fallback, passwordHash)
}

const openingSchema = withTransport((transport) => z.object({ transport }))

export interface SignedUp {
  readonly account: Account
  /** Null on a surface whose document issues no tokens at sign-up. */
  readonly credentials: Credentials | null
  readonly cookieToken: IssuedToken | null
}

/**
 * Registers an account and signs in to it. If VERIFY_EMAIL is on, a verification mail is sent.
 * @throws {Failure} REGISTRATION_CLOSED, INVALID_INPUT, IDENTIFIER_REQUIRED, EMAIL_TAKEN, USERNAME_TAKEN, TOO_MANY_REQUESTS,
 * OVERLOADED
 */
export async function signUp(domain: Domain, caller: Caller, input: SignUpInput): Promise<SignedUp> {
  const opening = parse(openingSchema(domain, caller), input)
  const given = read(domain, asNobody(caller), input)
  await domain.limits.attempt(caller.clientAddress)
  const prepared = await prepare(domain, asNobody(caller), given, caller.locale)
  const code = await prepareVerification(domain, caller, prepared.email)
  return await inTransaction(domain.db, async (tx) => {
    const account = await createAccount(domain, tx, caller, prepared)
    await recordCreated(domain, tx, caller, account, account.id)
    await sendVerification(domain, tx, caller, account, code)
    if (!domain.surfaces[caller.surface].signUpSignsIn) return { account, credentials: null, cookieToken: null }
    return await openFirst(domain, tx, caller, account, opening)
  })
}

/**
 * Creates an account for somebody else, even while registration is closed, with `mustChangePassword`. Its language does not depend
 * on the caller's.
 * @throws {Failure} FORBIDDEN for a scope that the caller lacks, INVALID_INPUT, IDENTIFIER_REQUIRED, EMAIL_TAKEN, USERNAME_TAKEN,
 * TOO_MANY_REQUESTS, OVERLOADED
 */
export async function createUser(domain: Domain, caller: Caller, input: CreateUserInput): Promise<Account> {
  const viewer = viewerOf(caller)
  const scopes = scopeList(viewer, input.scopes ?? [])
  const given = read(domain, caller, input)
  await domain.limits.attempt(caller.clientAddress, viewer.account.id)
  const prepared = await prepare(domain, caller, given, domain.config.DEFAULT_LOCALE)
  return await inTransaction(domain.db, async (tx) => {
    const account = await createAccount(domain, tx, caller, { ...prepared, mustChangePassword: true, scopes })
    await recordCreated(domain, tx, caller, account, viewer.account.id || null)
    return account
  })
}
