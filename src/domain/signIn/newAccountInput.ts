/** What a new account is made of, whoever creates it, but for its address and password; and whether its names are free. */
import type { NewAccount } from '../accounts/createAccount.ts'
import { emailTaken, findTaken, identifierKey, usernameTaken } from '../accounts/identifiers.ts'
import { bio, firstName, hasAddressForm, invalidInput, lastName, locale, name, phone, username } from '../base/input.ts'
import type { Locale } from '../base/locales.ts'
import type { Domain } from '../frame/domain.ts'

export const accountFields = {
  username: username.nullish(),
  name: name.nullish(),
  firstName: firstName.nullish(),
  lastName: lastName.nullish(),
  phone: phone.optional(),
  bio: bio.nullish(),
  locale: locale.nullish(),
}

export interface Identifiers {
  readonly email?: string | null | undefined
  readonly username?: string | null | undefined
}

/**
 * Refuses a username in the form of an address that is not the account's: it would keep the owner of that address out.
 * @throws {Failure} INVALID_INPUT
 */
const checkUsername = (username: string, address: string | null | undefined): void => {
  const key = identifierKey(username)
  const isOwn = address != null && identifierKey(address) === key
  if (hasAddressForm(key) && !isOwn)
    throw invalidInput([{ field: 'username', message: 'must not be an e-mail address other than your own' }])
}

/** Refuses identifiers that are taken. One statement. @throws {Failure} USERNAME_TAKEN, INVALID_INPUT, EMAIL_TAKEN */
export const refuseTaken = async (domain: Domain, { email, username }: Identifiers): Promise<void> => {
  const taken = await findTaken(
    domain,
    [username, email].filter((value) => value != null),
  )
  if (username != null) {
    if (taken.has(username)) throw usernameTaken()
    checkUsername(username, email)
  }
  if (email != null && taken.has(email)) throw emailTaken()
}

type Given = Identifiers &
  Omit<NewAccount, 'email' | 'username' | 'locale' | 'passwordHash'> & { readonly locale?: Locale | null | undefined }

/** The account to create. `fallback` is the language if none is given. */
export const newAccountOf = (given: Given, fallback: Locale, passwordHash: string | null): NewAccount => ({
  ...given,
  email: given.email ?? null,
  username: given.username ?? null,
  locale: given.locale ?? fallback,
  passwordHash,
})
