/** THE TABLE of `kiosk`: the user part of an invented Kiosk API 3.2, a dialect that is loaded at start (docs/dialects.md). */
import { defineDialect, get, given, list, nothing, post, replies, takes, z } from 'vestibule/dialect'
import { kioskErrors } from './errors.ts'
import { CodeLogin, Login, NewPassword, NewPerson, Page, PersonNumber } from './inputs.ts'
import * as run from './operations.ts'
import { texts } from './texts.ts'

const Person = z.object({ nr: z.string(), mail: z.string(), name: z.string(), since: z.date().nullable() }).meta({ id: 'Person' })
const personOf = ({ id, email: mail, name: called, createdAt }: run.KioskPersonFragment) => ({
  nr: id,
  mail: mail ?? '',
  name: called,
  since: createdAt,
})

const Tokens = z.object({ ok: z.literal(true), access: z.string(), refresh: z.string() }).meta({ id: 'Tokens' })
const tokensOf = ({ credentials: { accessToken, refreshToken } }: { readonly credentials: run.KioskTokensFragment }) => ({
  ok: true as const,
  access: given(accessToken).token,
  refresh: given(refreshToken).token,
})

const Done = z.object({ ok: z.literal(true) }).meta({ id: 'Done' })

// biome-ignore format: a table is read by its columns
const rows = [
  post('/kiosk/login',      texts.login,     run.KioskLoginDocument,
    takes({ body: Login }, ({ body }) => ({ input: { identifier: body.mail, password: body.pass } })), replies(Tokens, tokensOf),
    ['INVALID_TWO_FACTOR_CODE']),
  post('/kiosk/login/code', texts.loginCode, run.KioskLoginCodeDocument,
    takes({ body: CodeLogin }, ({ body }) => ({ input: { loginCode: body.ticket, code: body.code } })), replies(Tokens, tokensOf)),
  get('/kiosk/me',          texts.me,        run.KioskMeDocument, nothing, replies(Person, personOf)),
  list('/kiosk/people',     texts.people,    run.KioskPeopleDocument,
    takes({ query: Page }, ({ query: { page } }) => ({ offset: (page - 1) * 50, limit: 50 })), replies(Person, personOf)),
  get('/kiosk/people/:nr',  texts.person,    run.KioskPersonByIdDocument,
    takes({ params: PersonNumber }, ({ params }) => ({ id: params.nr })), replies(Person, personOf)),
  post('/kiosk/people',     texts.addPerson, run.KioskAddPersonDocument,
    takes({ body: NewPerson }, ({ body }) => ({ input: { email: body.mail, name: body.name, password: body.pass } })),
    replies(Person, ({ user }) => personOf(given(user))), ['IDENTIFIER_REQUIRED', 'USERNAME_TAKEN'], { status: 201, who: 'admin' }),
  post('/kiosk/password',   texts.password,  run.KioskPasswordDocument,
    takes({ body: NewPassword }, ({ body }) => ({ input: { oldPassword: body.old, newPassword: body.new } })),
    replies(Done, () => ({ ok: true }))),
]

export default defineDialect({
  name: 'kiosk',
  title: 'Kiosk API, users',
  version: '3.2',
  basePath: '/kiosk',
  tags: { session: 'Signing in, and what goes with it', people: 'Who there is' },
  mounts: [{ path: '/kiosk', rows, errors: kioskErrors, acceptsForms: true }],
})
