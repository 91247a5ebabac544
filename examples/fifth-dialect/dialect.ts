/** THE TABLE of `kiosk`: the user part of an invented Kiosk API 3.2, a dialect that is loaded at start (docs/dialects.md). */
import { defineDialect, email, given, name, nonEmpty, pagedRow, password, row, text, z } from 'vestibule/dialect'
import { kioskErrors } from './errors.ts'
import {
  KioskAddPersonDocument,
  KioskLoginCodeDocument,
  KioskLoginDocument,
  KioskMeDocument,
  KioskPasswordDocument,
  KioskPeopleDocument,
  KioskPersonByIdDocument,
  type KioskPersonFragment,
  type KioskTokensFragment,
} from './operations.ts'

const PAGE = 50

const Person = z.object({ nr: z.string(), mail: z.string(), name: z.string(), since: z.date().nullable() }).meta({ id: 'Person' })
const personOf = ({ id, email: mail, name: called, createdAt }: KioskPersonFragment) => ({
  nr: id,
  mail: mail ?? '',
  name: called,
  since: createdAt,
})

const Tokens = z.object({ ok: z.literal(true), access: z.string(), refresh: z.string() }).meta({ id: 'Tokens' })
const tokensOf = ({ accessToken, refreshToken }: KioskTokensFragment) => ({
  ok: true as const,
  access: given(accessToken).token,
  refresh: given(refreshToken).token,
})

const Done = z.object({ ok: z.literal(true) }).meta({ id: 'Done' })

const rows = [
  row({
    operationId: 'login',
    tag: 'session',
    summary: 'Sign in',
    method: 'POST',
    path: '/kiosk/login',
    documented: true,
    body: z.object({ mail: nonEmpty, pass: nonEmpty }),
    document: KioskLoginDocument,
    variables: ({ body }) => ({ input: { identifier: body.mail, password: body.pass } }),
    success: { status: 200, description: 'Signed in', body: Tokens },
    reply: ({ credentials }) => tokensOf(credentials),
    fails: ['BAD_CREDENTIALS', 'TWO_FACTOR_REQUIRED', 'ACCOUNT_DISABLED', 'TOO_MANY_REQUESTS', 'OVERLOADED'],
  }),
  row({
    operationId: 'loginCode',
    tag: 'session',
    summary: 'Go on with the code of an authenticator',
    method: 'POST',
    path: '/kiosk/login/code',
    documented: true,
    body: z.object({ ticket: nonEmpty, code: nonEmpty }),
    document: KioskLoginCodeDocument,
    variables: ({ body }) => ({ input: { loginCode: body.ticket, code: body.code } }),
    success: { status: 200, description: 'Signed in', body: Tokens },
    reply: ({ credentials }) => tokensOf(credentials),
    fails: ['INVALID_LOGIN_CODE', 'INVALID_TWO_FACTOR_CODE', 'ACCOUNT_DISABLED', 'TOO_MANY_REQUESTS'],
  }),
  row({
    operationId: 'me',
    tag: 'people',
    summary: 'Who am I?',
    method: 'GET',
    path: '/kiosk/me',
    documented: true,
    document: KioskMeDocument,
    variables: () => ({}),
    success: { status: 200, description: 'The account of the session', body: Person },
    reply: personOf,
    fails: [],
  }),
  pagedRow({
    operationId: 'people',
    tag: 'people',
    summary: `The people, ${PAGE} a page`,
    method: 'GET',
    path: '/kiosk/people',
    documented: true,
    query: z.object({ page: z.coerce.number('must be a number').int().min(1).max(1_000_000).default(1) }),
    document: KioskPeopleDocument,
    window: ({ query }) => ({ offset: (query.page - 1) * PAGE, limit: PAGE }),
    page: (connection) => connection,
    success: { status: 200, description: 'In the order in which they came', body: Person },
    item: personOf,
    fails: [],
  }),
  row({
    operationId: 'person',
    tag: 'people',
    summary: 'One of them',
    method: 'GET',
    path: '/kiosk/people/:nr',
    documented: true,
    params: z.object({ nr: text }),
    document: KioskPersonByIdDocument,
    variables: ({ params }) => ({ id: params.nr }),
    success: { status: 200, description: 'The person', body: Person },
    reply: personOf,
    fails: ['NOT_FOUND'],
  }),
  row({
    operationId: 'addPerson',
    tag: 'people',
    summary: 'Add somebody',
    method: 'POST',
    path: '/kiosk/people',
    documented: true,
    body: z.object({ mail: email, name, pass: password }),
    document: KioskAddPersonDocument,
    variables: ({ body }) => ({ input: { email: body.mail, name: body.name, password: body.pass } }),
    success: { status: 201, description: 'The new person', body: Person },
    reply: ({ user }) => personOf(user),
    fails: ['EMAIL_TAKEN', 'OVERLOADED'],
  }),
  row({
    operationId: 'password',
    tag: 'session',
    summary: 'Change the own password',
    method: 'POST',
    path: '/kiosk/password',
    documented: true,
    // No rule here: the operation has it, and would refuse a short one of a dialect that forgets it.
    body: z.object({ old: nonEmpty, new: text }),
    document: KioskPasswordDocument,
    variables: ({ body }) => ({ input: { oldPassword: body.old, newPassword: body.new } }),
    success: { status: 200, description: 'Changed; all other sessions have ended', body: Done },
    reply: () => ({ ok: true }),
    fails: ['WRONG_PASSWORD', 'TOO_MANY_REQUESTS', 'OVERLOADED'],
  }),
]

export default defineDialect({
  name: 'kiosk',
  title: 'Kiosk API, users',
  version: '3.2',
  basePath: '/kiosk',
  tags: { session: 'Signing in, and what goes with it', people: 'Who there is' },
  mounts: [{ path: '/kiosk', rows, errors: kioskErrors, acceptsForms: true }],
})
