/**
 * Wekan's (and so Meteor's) users, from `mongoexport --collection=users`: extended JSON, in its older and its present form.
 * https://docs.meteor.com/api/accounts, https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/
 */
import * as z from 'zod'
import { locales } from '../domain/base/locales.ts'
import type { GivenAccount } from '../domain/moving/accountRecord.ts'
import { given } from './given.ts'

/** How long Meteor keeps a login token. */
const TOKEN_LIFE_DAYS = 90
const DAY = 86_400_000

/** `{"$date": "..."}`, `{"$date": 0}` or `{"$date": {"$numberLong": "0"}}`. */
const date = z
  .strictObject({ $date: z.union([z.string(), z.number(), z.strictObject({ $numberLong: z.string() })]) })
  .transform(({ $date }) => new Date(typeof $date === 'object' ? Number($date.$numberLong) : $date))
  .refine((value) => !Number.isNaN(value.getTime()), 'is not a date')

const id = z.union([z.string(), z.strictObject({ $oid: z.string() }).transform(({ $oid }) => $oid)])

const user = z.object({
  _id: id,
  username: z.string().nullish(),
  emails: z.array(z.object({ address: z.string(), verified: z.boolean().nullish() })).nullish(),
  createdAt: date.nullish(),
  modifiedAt: date.nullish(),
  isAdmin: z.boolean().nullish(),
  loginDisabled: z.boolean().nullish(),
  profile: z.object({ fullname: z.string().nullish(), language: z.string().nullish() }).nullish(),
  services: z
    .object({
      password: z.object({ bcrypt: z.string().nullish(), argon2: z.string().nullish() }).nullish(),
      resume: z.object({ loginTokens: z.array(z.object({ when: date, hashedToken: z.string().nullish() })).nullish() }).nullish(),
    })
    .nullish(),
})

type Services = z.output<typeof user>['services']

const passwordHashOf = (services: Services): string | undefined => {
  const hash = services?.password?.argon2 ?? services?.password?.bcrypt
  return hash == null ? undefined : `$meteor${hash}`
}

const sessionsOf = (services: Services): NonNullable<GivenAccount['sessions']> =>
  (services?.resume?.loginTokens ?? []).flatMap(({ when, hashedToken }) =>
    hashedToken == null
      ? []
      : [
          {
            tokenHash: hashedToken,
            surface: 'wekan' as const,
            createdAt: when.getTime(),
            expiresAt: when.getTime() + TOKEN_LIFE_DAYS * DAY,
          },
        ],
  )

const localeOf = (language: string | null | undefined) => locales.find((locale) => language?.split(/[-_]/)[0] === locale)

/** @throws {z.ZodError} for a document that is no user of Wekan */
export const fromWekan = (document: unknown): GivenAccount => {
  const { _id, username, emails, createdAt, modifiedAt, isAdmin, loginDisabled, profile, services } = user.parse(document)
  const [first, ...others] = emails ?? []
  return {
    id: _id,
    username: given(username),
    email: given(first?.address),
    emailVerified: first?.verified === true,
    otherEmails: others.map(({ address }) => address),
    name: given(profile?.fullname) ?? given(username),
    locale: localeOf(profile?.language),
    isAdmin: isAdmin === true,
    disabled: loginDisabled === true,
    passwordHash: passwordHashOf(services),
    sessions: sessionsOf(services),
    createdAt: createdAt?.getTime(),
    updatedAt: modifiedAt?.getTime(),
  }
}
