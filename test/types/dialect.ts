/**
 * What must not compile in a dialect. `npm run typecheck` reads this file: each `@ts-expect-error` is an error itself as soon as the
 * mistake below it compiles. What is called `right` compiles; each case differs from it in one thing.
 */
import { defineDialect, type ErrorForms, errorForms, given, nonEmpty, pagedRow, row, z } from 'vestibule/dialect'
import {
  KioskLoginDocument,
  type KioskLoginMutation,
  KioskMeDocument,
  KioskPeopleDocument,
  KioskPersonByIdDocument,
} from '../../examples/fifth-dialect/operations.ts'

const login = {
  summary: 'Sign in',
  method: 'POST',
  path: '/kiosk/login',
  documented: true,
  who: 'anyone',
  body: z.object({ mail: nonEmpty, pass: nonEmpty, age: z.number() }),
  document: KioskLoginDocument,
  success: {
    status: 200,
    description: 'Signed in',
    body: z.object({ access: z.string(), user: z.object({ kind: z.literal('person') }).optional() }),
  },
  fails: ['BAD_CREDENTIALS'],
} as const

type SignedIn = Extract<KioskLoginMutation['result'], { credentials: unknown }>
interface Sent {
  readonly body: { readonly mail: string; readonly pass: string }
}
const variables = ({ body }: Sent) => ({ input: { identifier: body.mail, password: body.pass } })
const access = ({ credentials }: SignedIn): string => given(credentials.accessToken).token
const reply = (success: SignedIn) => ({ access: access(success) })

export const right = [
  row({ ...login, variables, reply }),
  row({
    ...login,
    variables: ({ body }) => ({ input: { identifier: body.mail, password: body.pass } }),
    reply: (success) => ({ access: access(success), user: { kind: 'person' } }),
  }),
]

export const variablesWrong = [
  row({
    ...login,
    reply,
    // @ts-expect-error: the name of a variable
    variables: ({ body }) => ({ inputs: { identifier: body.mail, password: body.pass } }),
  }),
  row({
    ...login,
    reply,
    // @ts-expect-error: a variable is missing
    variables: () => ({}),
  }),
  row({
    ...login,
    reply,
    // @ts-expect-error: a field of a variable is missing
    variables: ({ body }) => ({ input: { identifier: body.mail } }),
  }),
  row({
    ...login,
    reply,
    // @ts-expect-error: a field of another type, which is that of the body's
    variables: ({ body }) => ({ input: { identifier: body.mail, password: body.age } }),
  }),
  row({
    ...login,
    reply,
    // @ts-expect-error: a field that the body does not have
    variables: ({ body }) => ({ input: { identifier: body.email, password: body.pass } }),
  }),
  row({
    ...login,
    reply,
    // @ts-expect-error: a field that the input does not have, which would break the operation
    variables: ({ body }) => ({ input: { identifier: body.mail, password: body.pass, age: body.age } }),
  }),
  row({
    ...login,
    reply,
    // @ts-expect-error: a variable that the document does not have
    variables: (input) => ({ ...variables(input), more: 1 }),
  }),
]

export const bodiesWrong = [
  row({
    ...login,
    reply,
    body: z.object({ mail: nonEmpty, pass: z.number() }),
    // @ts-expect-error: the body does not have what the variables are made of
    variables,
  }),
  row({
    ...login,
    reply,
    body: z.object({ identifier: nonEmpty, password: nonEmpty, age: z.number() }),
    // @ts-expect-error: the whole body, which has more than the input
    variables: ({ body }) => ({ input: body }),
  }),
]

export const repliesWrong = [
  row({
    ...login,
    variables,
    // @ts-expect-error: a field is missing
    reply: () => ({}),
  }),
  row({
    ...login,
    variables,
    // @ts-expect-error: a field of another type
    reply: () => ({ access: 1 }),
  }),
  row({
    ...login,
    variables,
    // @ts-expect-error: a field that may be null
    reply: ({ credentials }) => ({ access: credentials.accessToken?.token }),
  }),
  row({
    ...login,
    variables,
    // @ts-expect-error: a field that the document does not select
    reply: ({ user }) => ({ access: user.id }),
  }),
  row({
    ...login,
    variables,
    // @ts-expect-error: a field that the answer's schema does not have
    reply: (success) => ({ access: access(success), extra: 1 }),
  }),
  row({
    ...login,
    variables,
    // @ts-expect-error: the same, further in
    reply: (success) => ({ access: access(success), user: { kind: 'person', extra: 1 } }),
  }),
  row({
    ...login,
    variables,
    // @ts-expect-error: the whole result, which has more than the answer
    reply: (success) => ({ ...success, access: access(success) }),
  }),
]

export const documentWrong = row({
  ...login,
  document: KioskPersonByIdDocument,
  // @ts-expect-error: what another operation takes
  variables,
  reply: () => ({ access: '' }),
})

export const factsWrong = [
  row({
    ...login,
    variables,
    reply,
    // @ts-expect-error: a code that there is not
    fails: ['BAD_LUCK'],
  }),
  row({
    ...login,
    variables,
    reply,
    // @ts-expect-error: a form for a code that there is not
    failures: { BAD_LUCK: () => ({ status: 400, body: {} }) },
  }),
  row({
    ...login,
    variables,
    reply,
    // @ts-expect-error: nobody can be asked that
    who: 'users:write',
  }),
  row({
    ...login,
    variables,
    reply,
    // @ts-expect-error: a method that no row has
    method: 'FETCH',
  }),
]

const people = {
  summary: 'People',
  method: 'GET',
  path: '/kiosk/people',
  documented: true,
  who: 'users:read',
  document: KioskPeopleDocument,
  window: () => ({ offset: 0, limit: 1 }),
  success: { status: 200, description: 'People', body: z.object({ nr: z.string() }) },
  fails: [],
} as const

export const rightPage = pagedRow({ ...people, page: (connection) => connection, item: ({ id }) => ({ nr: id }) })

export const pagesWrong = [
  pagedRow({
    ...people,
    page: (connection) => connection,
    // @ts-expect-error: a field that the document does not select
    item: ({ bio }) => ({ nr: bio }),
  }),
  pagedRow({
    ...people,
    page: (connection) => connection,
    // @ts-expect-error: more than the item's schema has
    item: ({ id, email }) => ({ nr: id, email }),
  }),
  pagedRow({
    ...people,
    // @ts-expect-error: a document that has no pages
    document: KioskMeDocument,
    // @ts-expect-error: and so no connection
    page: (connection) => connection,
    item: () => ({ nr: '' }),
  }),
]

const body = z.object({ why: z.string() })
const forms = errorForms({ body, print: ({ message }) => ({ why: message }) })

const kiosk = { name: 'kiosk', title: 'Kiosk', version: '1', tags: { people: 'People' } } as const
const mount = { path: '/kiosk', errors: forms, acceptsForms: false, rows: [] } as const

export const rightDialect = defineDialect({
  ...kiosk,
  mounts: [{ ...mount, rows: [row({ ...login, tag: 'people', variables, reply }), row({ ...login, variables, reply })] }],
})

export const dialectsWrong = [
  defineDialect({
    ...kiosk,
    // @ts-expect-error: a tag that is not described
    mounts: [{ ...mount, rows: [row({ ...login, tag: 'persons', variables, reply })] }],
  }),
  defineDialect({
    ...kiosk,
    // @ts-expect-error: a form is missing for nearly each code
    mounts: [{ ...mount, errors: { ...forms, failures: { NOT_FOUND: forms.failures.NOT_FOUND } } }],
  }),
]

const { OVERLOADED: _, ...allButOne } = forms.failures
// @ts-expect-error: a form is missing for one code
export const formsWrong: ErrorForms['failures'] = allButOne

export const printedWrong = [
  errorForms({
    body,
    // @ts-expect-error: a body that does not fit its schema
    print: ({ message }) => ({ what: message }),
  }),
  errorForms({
    body,
    // @ts-expect-error: a body with more than its schema has
    print: ({ message, status }) => ({ why: message, status }),
  }),
  errorForms({
    body,
    print: ({ message }) => ({ why: message }),
    // @ts-expect-error: the status of a code that there is not
    statuses: { BAD_LUCK: 400 },
  }),
]
