/**
 * Wekan's (and so Meteor's) users, from `mongoexport --collection=users`: extended JSON, in its older and its present form, one
 * document a line or as an array.
 * https://docs.meteor.com/api/accounts, https://github.com/wekan/wekan/blob/main/models/users.js
 */
import * as z from 'zod'
import { locales } from '../domain/base/locales.ts'
import type { GivenAccount } from '../domain/moving/accountRecord.ts'
import { given } from './fields.ts'
import { importerOf, type Translated } from './fromDocuments.ts'
import { date, id } from './mongo.ts'
import { newestSessions, noteOfSessions } from './newestSessions.ts'
import { signsInBy } from './notes.ts'
import { jsonOf } from './sources/rows.ts'

/** How long Meteor keeps a login token. */
const TOKEN_LIFE_DAYS = 90
const DAY = 86_400_000

const token = z.object({ when: date, hashedToken: z.string().nullish() })
const factor = z.object({ secret: z.string().nullish(), type: z.string().nullish() })
const services = z.looseObject({
  password: z.object({ bcrypt: z.string().nullish(), argon2: z.string().nullish() }).nullish(),
  resume: z.object({ loginTokens: z.array(token).nullish() }).nullish(),
  twoFactorAuthentication: factor.nullish(),
})
type Services = z.output<typeof services>

const user = z.object({
  _id: id,
  username: z.string().nullish(),
  emails: z.array(z.object({ address: z.string(), verified: z.boolean().nullish() })).nullish(),
  createdAt: date.nullish(),
  modifiedAt: date.nullish(),
  isAdmin: z.boolean().nullish(),
  loginDisabled: z.boolean().nullish(),
  authenticationMethod: z.string().nullish(),
  profile: z.object({ fullname: z.string().nullish(), language: z.string().nullish() }).nullish(),
  services: services.nullish(),
})

const passwordHashOf = ({ password }: Services): string | undefined => {
  const hash = given(password?.argon2) ?? given(password?.bcrypt)
  return hash === undefined ? undefined : `$meteor${hash}`
}

type Sessions = NonNullable<GivenAccount['sessions']>

const sessionsOf = ({ resume }: Services): Sessions =>
  newestSessions(
    (resume?.loginTokens ?? []).flatMap(({ when, hashedToken }) =>
      hashedToken == null
        ? []
        : [{ tokenHash: hashedToken, surface: 'wekan' as const, createdAt: when, expiresAt: when + TOKEN_LIFE_DAYS * DAY }],
    ),
  )

/** accounts-2fa keeps the secret in base32. https://docs.meteor.com/packages/accounts-2fa */
const totpOf = ({ twoFactorAuthentication }: Services): GivenAccount['totp'] => {
  const { type, secret } = twoFactorAuthentication ?? {}
  return type === 'otp' && secret != null ? { secret } : undefined
}

const localeOf = (language: string | null | undefined) => locales.find((locale) => language?.split(/[-_]/)[0] === locale)

/** Fields of `services` that are not sign-ins by another service. */
const OWN_SERVICES = ['password', 'resume', 'email', 'twoFactorAuthentication']

const notesOf = (services: Services, method: string | null | undefined): string[] => {
  const names = Object.keys(services).filter((name) => !OWN_SERVICES.includes(name))
  if (method != null && method !== 'password') names.push(method)
  return [...names.map((name) => signsInBy(name.toLowerCase())), ...noteOfSessions(services.resume?.loginTokens?.length ?? 0)]
}

const translate = (document: unknown): Translated => {
  const read = user.parse(document)
  const services = read.services ?? {}
  const [first, ...others] = read.emails ?? []
  const account: GivenAccount = {
    id: read._id,
    username: given(read.username),
    email: given(first?.address),
    emailVerified: first?.verified === true,
    otherEmails: others.flatMap(({ address }) => given(address) ?? []),
    name: given(read.profile?.fullname) ?? given(read.username),
    locale: localeOf(read.profile?.language),
    isAdmin: read.isAdmin === true,
    disabled: read.loginDisabled === true,
    passwordHash: passwordHashOf(services),
    totp: totpOf(services),
    sessions: sessionsOf(services),
    createdAt: read.createdAt ?? undefined,
    updatedAt: read.modifiedAt ?? undefined,
  }
  return { account, notes: notesOf(services, read.authenticationMethod) }
}

export const wekan = importerOf({
  name: 'wekan',
  summary: 'the collection `users` of Wekan, by mongoexport',
  documents: jsonOf,
  translator: () => translate,
})
