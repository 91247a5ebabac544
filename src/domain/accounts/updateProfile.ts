/** The profile: names, phone, bio, language. A field that is left out stays as it is. */
import * as z from 'zod'
import { inTransaction } from '../../db/transaction.ts'
import { record } from '../auditLog/events.ts'
import { bio, firstName, lastName, locale, name, parse, phone } from '../base/input.ts'
import type { Account } from '../frame/account.ts'
import { type Caller, viewerOf } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { fromFullName, fromParts, type Names } from './personNames.ts'

const schema = z.object({
  name: name.optional(),
  firstName: firstName.optional(),
  lastName: lastName.nullish(),
  phone: phone.optional(),
  bio: bio.nullish(),
  locale: locale.optional(),
})

export type UpdateProfileInput = z.input<typeof schema>

const namesOf = (account: Account, given: z.output<typeof schema>): Partial<Names> => {
  if (given.name !== undefined) return fromFullName(given.name)
  if (given.firstName === undefined && given.lastName === undefined) return {}
  return fromParts(given.firstName ?? account.firstName, given.lastName === undefined ? account.lastName : given.lastName)
}

/** `nameKey` follows from the name. */
const isAsItWas = (account: Account, { nameKey: _nameKey, ...data }: Partial<Account & Pick<Names, 'nameKey'>>): boolean =>
  (Object.keys(data) as (keyof typeof data)[]).every((field) => data[field] === account[field])

/**
 * Changes the caller's profile, if anything differs; `name` takes precedence over `firstName` and `lastName`. @throws {Failure}
 * INVALID_INPUT
 */
export async function updateProfile(domain: Domain, caller: Caller, input: UpdateProfileInput): Promise<Account> {
  const { account } = viewerOf(caller)
  const given = parse(schema, input)
  const phones = given.phone === undefined ? {} : { phone: given.phone?.asSent ?? null, phoneE164: given.phone?.e164 ?? null }
  const about = {
    ...(given.bio === undefined ? {} : { bio: given.bio }),
    ...(given.locale === undefined ? {} : { locale: given.locale }),
  }
  const data = { ...namesOf(account, given), ...phones, ...about }
  if (isAsItWas(account, data)) return account
  const fields = Object.entries(given).flatMap(([field, value]) => (value === undefined ? [] : [field]))
  return await inTransaction(domain.db, async (tx) => {
    await record(domain, tx, caller, { type: 'account.profile_updated', userId: account.id, details: { fields: fields.join(' ') } })
    return await tx.user.update({ where: { id: account.id }, data: { ...data, updatedAt: domain.clock.now() } })
  })
}
