/**
 * What must not compile in a dialect. `npm run typecheck` reads this file: each `@ts-expect-error` is an error itself as soon as the
 * mistake below it compiles. What is called `right` compiles; each case differs from it in one thing.
 */
import {
  bodyAsInput,
  defineDialect,
  type ErrorForms,
  errorForms,
  given,
  list,
  nonEmpty,
  post,
  replies,
  type Texts,
  takes,
  z,
} from 'vestibule/dialect'
import {
  KioskLoginDocument,
  type KioskLoginMutation,
  KioskMeDocument,
  KioskPeopleDocument,
  KioskPersonByIdDocument,
} from '../../examples/fifth-dialect/operations.ts'

const texts = { summary: 'Sign in', success: 'Signed in' }
const Body = z.object({ mail: nonEmpty, pass: nonEmpty, age: z.number() })
const Answer = z.object({ access: z.string(), user: z.object({ kind: z.literal('person') }).optional() })

type SignedIn = Extract<KioskLoginMutation['result'], { credentials: unknown }>
const access = ({ credentials }: SignedIn): string => given(credentials.accessToken).token
const taken = takes({ body: Body }, ({ body }) => ({ input: { identifier: body.mail, password: body.pass } }))
const replied = replies(Answer, (success: SignedIn) => ({ access: access(success) }))

export const right = [
  post('/kiosk/login', texts, KioskLoginDocument, taken, replied, ['BAD_CREDENTIALS'], { who: 'anyone', status: 201 }),
  post(
    '/kiosk/login',
    texts,
    KioskLoginDocument,
    takes({ body: Body }, ({ body }) => ({ input: { identifier: body.mail, password: body.pass } })),
    replies(Answer, (success) => ({ access: access(success), user: { kind: 'person' } })),
  ),
]

// biome-ignore format: each mistake is on the line below its directive
export const variablesWrong = [
  // @ts-expect-error: the name of a variable
  post('/kiosk/login', texts, KioskLoginDocument, takes({ body: Body }, ({ body }) => ({ inputs: { identifier: body.mail, password: body.pass } })), replied),
  // @ts-expect-error: a variable is missing
  post('/kiosk/login', texts, KioskLoginDocument, takes({ body: Body }, () => ({})), replied),
  // @ts-expect-error: a field of a variable is missing
  post('/kiosk/login', texts, KioskLoginDocument, takes({ body: Body }, ({ body }) => ({ input: { identifier: body.mail } })), replied),
  // @ts-expect-error: a field of another type, which is that of the body's
  post('/kiosk/login', texts, KioskLoginDocument, takes({ body: Body }, ({ body }) => ({ input: { identifier: body.mail, password: body.age } })), replied),
  // @ts-expect-error: a field that the body does not have
  post('/kiosk/login', texts, KioskLoginDocument, takes({ body: Body }, ({ body }) => ({ input: { identifier: body.email, password: body.pass } })), replied),
  // @ts-expect-error: a field that the input does not have, which would break the operation
  post('/kiosk/login', texts, KioskLoginDocument, takes({ body: Body }, ({ body }) => ({ input: { identifier: body.mail, password: body.pass, age: body.age } })), replied),
  // @ts-expect-error: a variable that the document does not have
  post('/kiosk/login', texts, KioskLoginDocument, takes({ body: Body }, ({ body }) => ({ input: { identifier: body.mail, password: body.pass }, more: 1 })), replied),
  // @ts-expect-error: the body does not have what the variables are made of
  post('/kiosk/login', texts, KioskLoginDocument, takes({ body: z.object({ mail: nonEmpty, pass: z.number() }) }, ({ body }) => ({ input: { identifier: body.mail, password: body.pass } })), replied),
  // @ts-expect-error: the whole body, which has more than the input
  post('/kiosk/login', texts, KioskLoginDocument, takes({ body: z.object({ identifier: nonEmpty, password: nonEmpty, age: z.number() }) }, bodyAsInput), replied),
  // @ts-expect-error: a part that no request has
  post('/kiosk/login', texts, KioskLoginDocument, takes({ head: Body }, ({ head }) => ({ input: { identifier: head.mail, password: head.pass } })), replied),
]

// biome-ignore format: each mistake is on the line below its directive
export const repliesWrong = [
  // @ts-expect-error: a field is missing
  post('/kiosk/login', texts, KioskLoginDocument, taken, replies(Answer, () => ({}))),
  // @ts-expect-error: a field of another type
  post('/kiosk/login', texts, KioskLoginDocument, taken, replies(Answer, () => ({ access: 1 }))),
  // @ts-expect-error: a field that may be null
  post('/kiosk/login', texts, KioskLoginDocument, taken, replies(Answer, ({ credentials }) => ({ access: credentials.accessToken?.token }))),
  // @ts-expect-error: a field that the document does not select
  post('/kiosk/login', texts, KioskLoginDocument, taken, replies(Answer, ({ user }) => ({ access: user.id }))),
  // @ts-expect-error: a field that the answer's schema does not have
  post('/kiosk/login', texts, KioskLoginDocument, taken, replies(Answer, (success) => ({ access: access(success), extra: 1 }))),
  // @ts-expect-error: the same, further in
  post('/kiosk/login', texts, KioskLoginDocument, taken, replies(Answer, (success) => ({ access: access(success), user: { kind: 'person', extra: 1 } }))),
  // @ts-expect-error: the whole result, which has more than the answer
  post('/kiosk/login', texts, KioskLoginDocument, taken, replies(Answer, (success) => ({ ...success, access: access(success) }))),
  // @ts-expect-error: what another operation returns
  post('/kiosk/login', texts, KioskLoginDocument, taken, replies(Answer, ({ name }: { readonly name: string }) => ({ access: name }))),
]

export const documentWrong = post(
  '/kiosk/login',
  texts,
  KioskPersonByIdDocument,
  // @ts-expect-error: what another operation takes
  taken,
  replies(Answer, () => ({ access: '' })),
)

// biome-ignore format: each mistake is on the line below its directive
export const factsWrong = [
  // @ts-expect-error: a code that there is not
  post('/kiosk/login', texts, KioskLoginDocument, taken, replied, ['BAD_LUCK']),
  // @ts-expect-error: a form for a code that there is not
  post('/kiosk/login', texts, KioskLoginDocument, taken, replied, [], { failures: { BAD_LUCK: () => ({ status: 400, body: {} }) } }),
  // @ts-expect-error: nobody can be asked that
  post('/kiosk/login', texts, KioskLoginDocument, taken, replied, [], { who: 'users:write' }),
  // @ts-expect-error: a status that is not one of a success
  post('/kiosk/login', texts, KioskLoginDocument, taken, replied, [], { status: 404 }),
  // @ts-expect-error: a text that is missing
  post('/kiosk/login', { summary: 'Sign in' }, KioskLoginDocument, taken, replied),
]

const Person = z.object({ nr: z.string() })
const first = takes({}, () => ({ offset: 0, limit: 1 }))

export const rightList = list(
  '/kiosk/people',
  texts,
  KioskPeopleDocument,
  first,
  replies(Person, ({ id }) => ({ nr: id })),
)

// biome-ignore format: each mistake is on the line below its directive
export const listsWrong = [
  // @ts-expect-error: a field that the document does not select
  list('/kiosk/people', texts, KioskPeopleDocument, first, replies(Person, ({ bio }) => ({ nr: bio }))),
  // @ts-expect-error: more than the schema of an item has
  list('/kiosk/people', texts, KioskPeopleDocument, first, replies(Person, ({ id, email }) => ({ nr: id, email }))),
  // @ts-expect-error: a document that has no pages
  list('/kiosk/people', texts, KioskMeDocument, first, replies(Person, () => ({ nr: '' }))),
  // @ts-expect-error: a window without a limit
  list('/kiosk/people', texts, KioskPeopleDocument, takes({}, () => ({ offset: 0 })), replies(Person, () => ({ nr: '' }))),
]

const body = z.object({ why: z.string() })
const forms = errorForms({ body, print: ({ message }) => ({ why: message }) })

const kiosk = { name: 'kiosk', title: 'Kiosk', version: '1', tags: { people: 'People' } } as const
const login = <const Tag extends string = never>(of: Texts<Tag>) => post('/kiosk/login', of, KioskLoginDocument, taken, replied)
const mount = { path: '/kiosk', errors: forms, acceptsForms: false, rows: [] } as const

export const rightDialect = defineDialect({
  ...kiosk,
  mounts: [{ ...mount, rows: [login({ ...texts, tag: 'people' }), login(texts)] }],
})

export const dialectsWrong = [
  defineDialect({
    ...kiosk,
    // @ts-expect-error: a tag that is not described
    mounts: [{ ...mount, rows: [login({ ...texts, tag: 'persons' })] }],
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
