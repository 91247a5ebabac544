/**
 * What a step means at its turn: which operation, by whom, with which input in each world, and what everybody knows after it
 * went well. Inputs are those of GraphQL; a door spells them as its dialect does.
 */
import { totp } from '../support/accounts.ts'
import { type Cast, NOT_THERE, type Person, personOf, type Session } from './cast.ts'
import type { Input, Operation } from './graphqlDoor.ts'
import { type Both, both, type Side } from './pair.ts'
import { fieldsOf, type Step } from './steps.ts'
import { type Naming, textFor } from './values.ts'

/** What an answer hands out, however it is spelt. */
export interface Harvest {
  readonly id?: string | undefined
  readonly access?: string | undefined
  /** Another token of the same session that is as good, where a surface hands out two. */
  readonly also?: string | undefined
  readonly refresh?: string | undefined
  readonly loginCode?: string | undefined
  readonly secret?: string | undefined
  readonly recoveryCodes?: readonly string[] | undefined
}

export interface Deed {
  readonly step: Step
  readonly operation: Operation
  readonly inputs: Both<Input>
  readonly token: Both<string | undefined>
  /** Who acts, or whom it is about where nobody is signed in. */
  readonly person: Person
  readonly session: Session | undefined
  /** The field of a new password, if there is one. */
  readonly newPassword?: 'password' | 'newPassword'
  /** What a success, or a sign-in that waits, changes in what is known. */
  readonly learn: (got: Both<Harvest>, passwords: Both<string>) => void
}

const at = <T>(list: readonly T[], number: number): T | undefined => list[number % Math.max(1, list.length)]
const same = (input: Input): Both<Input> => both(() => input)
const nobody = both((): string | undefined => undefined)

const namingOf = (step: Step, cast: Cast, number: string): Naming => {
  const other = at(cast.people, step.other) ?? cast.keeper
  const own = at(cast.people, step.who) ?? cast.keeper
  const isNew = step.operation === 'signUp' || step.operation === 'createUser'
  const local = isNew ? `mail${number}` : (own.email ?? own.username).replace(/@.*/, '')
  return { number, local, taken: other.email ?? 'nobody@example.com', takenUsername: other.username }
}

/** The fields of the operation on the step's dialect, plain but for the one that is tried. */
const fill = (step: Step, cast: Cast, number: string): Input => {
  const naming = namingOf(step, cast, number)
  const names = fieldsOf[step.operation]?.[step.dialect] ?? []
  const left = step.kind === 'none' ? (step.field === 'both' ? ['username', 'email'] : [step.field]) : []
  const local = step.field === 'email' && step.kind === 'sameLocalPart' ? { ...naming, local: cast.keeper.username } : naming
  const entries = names
    .filter((name) => !left.includes(name))
    .map((name) => [name, textFor(name, name === step.field ? step.kind : 'plain', local)] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

const part = <K extends keyof Harvest>(got: Both<Harvest>, key: K): Both<Harvest[K]> => both((side) => got[side][key])

const openSession = (person: Person, got: Both<Harvest>): void => {
  const [access, refresh] = [part(got, 'access'), part(got, 'refresh')]
  if (access.graphql === undefined || access.rest === undefined) return
  const also = both((side) => got[side].also ?? access[side] ?? '')
  person.sessions.push({ access: both((side) => access[side] ?? ''), also, refresh: [refresh] })
}

const signedIn = (person: Person, step: Step) => (got: Both<Harvest>) => {
  openSession(person, got)
  const code = part(got, 'loginCode')
  const origin = step.dialect === 'xiot' ? 'idiot' : step.dialect
  if (code.graphql !== undefined && code.rest !== undefined) person.loginCodes.push({ code: both((side) => code[side] ?? ''), origin })
}

const codeOf = (person: Person, kind: string): Both<string> => {
  const { factor } = person
  if (kind === 'empty') return both(() => '')
  if (kind === 'nul') return both(() => '12\u00003456')
  if (factor === null || kind === 'wrong' || kind === 'wrongCode') return both(() => '000000')
  if (kind === 'recovery') {
    const place = person.recoveryCodesUsed
    person.recoveryCodesUsed += 1
    return both((side) => factor.recoveryCodes[side][place] ?? '')
  }
  if (kind === 'spentRecovery') return both((side) => factor.recoveryCodes[side][Math.max(0, person.recoveryCodesUsed - 1)] ?? '')
  return both((side) => totp(factor.secret[side], kind === 'spent' ? -1 : 0))
}

const identifierOf = ({ email, username }: Person, kind: string): string => {
  if (kind === 'byUsername') return username
  if (kind === 'unknown') return 'nobody@nowhere.example'
  if (kind === 'nul') return 'nul\u0000@example.com'
  if (kind === 'surrogate') return 'lone\ud83d@example.com'
  const identifier = email ?? username
  if (kind === 'inCapitals') return identifier.toUpperCase()
  return kind === 'spaced' ? ` ${identifier} ` : identifier
}

const passwordOf = ({ password, previous }: Person, kind: string): Both<string> => {
  if (kind === 'wrong' || kind === 'wrongOld' || kind === 'wrongPassword') return both(() => 'not the password')
  if (kind === 'emptyPassword' || kind === 'emptyOld') return both(() => '')
  return kind === 'previous' ? previous : password
}

const CODES: readonly string[] = ['code', 'wrongCode', 'recovery', 'spentRecovery']

/** The administrator, the keeper or somebody, as a step says. */
const actorOf = (step: Step, cast: Cast, usual: Person): Person => {
  if (step.kind === 'byKeeper') return cast.keeper
  if (step.kind === 'byMember') return cast.people[0] ?? cast.keeper
  return step.kind === 'byRoot' || step.kind === 'self' || step.kind === 'root' ? cast.root : usual
}

const targetOf = (step: Step, cast: Cast, actor: Person): Both<string> => {
  if (step.kind === 'self') return actor.id
  if (step.kind === 'root') return cast.root.id
  if (step.kind === 'unknown') return both(() => 'BsNr28znDkG8aeo7W')
  return step.kind === 'nul' ? both(() => 'nul\u0000') : (at(cast.people, step.who)?.id ?? NOT_THERE)
}

type Making = Omit<Deed, 'step' | 'operation' | 'person' | 'session' | 'learn'> & Partial<Pick<Deed, 'person' | 'session' | 'learn'>>

const asActor = (person: Person, step: Step): Pick<Deed, 'person' | 'session' | 'token'> => {
  const session = at(person.sessions, step.session)
  return { person, session, token: session?.access ?? NOT_THERE }
}

const someone = (step: Step, cast: Cast): Person => at(cast.people, step.who) ?? cast.keeper

const administering = (step: Step, cast: Cast, usual: Person, more: Input = {}): Making => {
  const actor = actorOf(step, cast, usual)
  const id = targetOf(step, cast, actor)
  return { ...asActor(actor, step), inputs: both((side) => ({ id: id[side], ...more })) }
}

const making = (step: Step, cast: Cast, number: string, actor?: Person): Making => {
  const input = fill(step, cast, number)
  const made = (got: Both<Harvest>, passwords: Both<string>) => {
    const username = typeof input.username === 'string' ? input.username : `mail${number}`
    const email = typeof input.email === 'string' ? input.email.trim() : null
    const person = personOf(
      both((side) => got[side].id ?? ''),
      email,
      username,
      passwords,
    )
    cast.people.push(person)
    openSession(person, got)
  }
  const by = actor === undefined ? { token: nobody } : asActor(actor, step)
  return { ...by, inputs: same(input), newPassword: 'password', learn: made }
}

const changed = (person: Person) => (_got: unknown, passwords: Both<string>) => {
  person.previous = person.password
  person.password = passwords
}

const byRefreshToken = (step: Step, cast: Cast): Making => {
  const person = someone(step, cast)
  const session = at(
    person.sessions.filter(({ refresh }) => refresh.every((token) => token.graphql !== undefined && token.rest !== undefined)),
    step.session,
  )
  const place = step.kind === 'older' ? Math.max(0, (session?.refresh.length ?? 0) - 2) : (session?.refresh.length ?? 0) - 1
  const own = session?.refresh[place]
  const told = { nonsense: 'rt_nonsense', empty: '', nul: 'rt\u0000' }[step.kind]
  const learn = (got: Both<Harvest>) => {
    const [access, refresh] = [part(got, 'access'), part(got, 'refresh')]
    if (session === undefined || access.graphql === undefined) return
    session.access = both((side) => access[side] ?? '')
    session.also = session.access
    if (step.kind !== 'older') session.refresh.push(refresh)
  }
  return { person, session, token: nobody, inputs: both((side) => ({ refreshToken: told ?? own?.[side] ?? 'rt_none' })), learn }
}

const resetting = (step: Step, cast: Cast, number: string): Making => {
  const place = step.kind === 'spent' || step.kind === 'older' ? 0 : cast.resetTokens.length - 1
  const given = { nonsense: 'nonsense', emptyToken: '' }[step.kind]
  const token = cast.resetTokens[place]
  const input = fill(step, cast, number)
  const person = cast.people.find(({ email }) => email !== null && email.toLowerCase() === token?.email.toLowerCase()) ?? cast.keeper
  return {
    person,
    token: nobody,
    inputs: both((side) => ({ ...input, token: given ?? token?.token[side] ?? 'none' })),
    newPassword: 'newPassword',
    learn: changed(person),
  }
}

const askingForReset = (step: Step, cast: Cast, number: string): Making => {
  const { email } = someone(step, cast)
  const input = step.field === '' ? {} : fill(step, cast, number)
  const known = step.kind === 'knownInCapitals' ? (email ?? '').toUpperCase() : email
  const plain = step.kind === 'unknown' || known === null || known === '' ? `nobody${number}@example.com` : known
  return { token: nobody, inputs: same({ email: plain, ...input }) }
}

const changingPassword = (step: Step, cast: Cast, number: string): Making => {
  const person = someone(step, cast)
  const old = passwordOf(person, step.kind)
  const input = fill(step, cast, number)
  // A password that GraphQL would not have taken is another one there.
  const isSame = step.kind === 'same' && person.password.graphql === person.password.rest
  const given = (side: Side) => (isSame ? { newPassword: person.password[side] } : input)
  const inputs = both((side) => ({ ...given(side), oldPassword: old[side] }))
  return { ...asActor(person, step), inputs, newPassword: 'newPassword', learn: changed(person) }
}

const disabling = (step: Step, cast: Cast): Making => {
  const person = someone(step, cast)
  const [code, password] = [codeOf(person, step.kind === 'emptyCode' ? 'empty' : step.kind), passwordOf(person, step.kind)]
  const byCode = ['byCode', 'wrongCode', 'emptyCode'].includes(step.kind)
  const byPassword = ['byPassword', 'wrongPassword'].includes(step.kind)
  const inputs = both((side) => ({ ...(byCode ? { code: code[side] } : {}), ...(byPassword ? { password: password[side] } : {}) }))
  const learn = () => {
    person.factor = null
  }
  return { ...asActor(person, step), inputs, learn }
}

const signingIn = (step: Step, cast: Cast): Making => {
  const person = someone(step, cast)
  const [password, code] = [passwordOf(person, step.kind), codeOf(person, step.kind)]
  const identifier = identifierOf(person, step.kind)
  const inputs = both((side) => ({ identifier, password: password[side], ...(CODES.includes(step.kind) ? { code: code[side] } : {}) }))
  return { person, token: nobody, inputs, learn: signedIn(person, step) }
}

const verifying = (step: Step, cast: Cast): Making => {
  const person = cast.people.find(({ loginCodes }) => loginCodes.length > 0) ?? someone(step, cast)
  const own = step.kind === 'older' ? person.loginCodes[0] : person.loginCodes.at(-1)
  const code = codeOf(person, step.kind)
  const inputs = both((side) => ({ code: code[side], loginCode: step.kind === 'unknown' ? 'unknown' : (own?.code[side] ?? 'none') }))
  return { person, token: nobody, inputs, learn: signedIn(person, step) }
}

const whoAmI = (step: Step, cast: Cast): Making => {
  const actor = asActor(someone(step, cast), step)
  const token = { nobody, other: actor.session?.also ?? NOT_THERE }[step.kind] ?? actor.token
  return { ...actor, inputs: same({}), token }
}

const enrolling = (step: Step, cast: Cast): Making => {
  const actor = asActor(someone(step, cast), step)
  const learn = (got: Both<Harvest>) => {
    // One that waits for its first code is none yet.
    if ((got.rest.recoveryCodes ?? []).length === 0) return
    actor.person.factor = { secret: both((side) => got[side].secret ?? ''), recoveryCodes: both((side) => got[side].recoveryCodes ?? []) }
    actor.person.recoveryCodesUsed = 0
  }
  return { ...actor, inputs: same({}), learn }
}

const movingEmail = (step: Step, cast: Cast, number: string): Making => {
  const actor = asActor(someone(step, cast), step)
  const input = step.kind === 'own' ? { email: actor.person.email?.toUpperCase() ?? 'none' } : fill(step, cast, number)
  const learn = () => {
    actor.person.email = String(input.email).trim()
  }
  return { ...actor, inputs: same(input), learn }
}

const makings: Readonly<Partial<Record<Operation, (step: Step, cast: Cast, number: string) => Making>>> = {
  signUp: (step, cast, number) => making(step, cast, number),
  signIn: signingIn,
  verifyTwoFactor: verifying,
  refreshSession: byRefreshToken,
  signOut: (step, cast) =>
    step.dialect === 'authentication' ? byRefreshToken(step, cast) : { ...asActor(someone(step, cast), step), inputs: same({}) },
  signOutEverywhere: (step, cast) => ({ ...asActor(someone(step, cast), step), inputs: same({}) }),
  createUser: (step, cast, number) => making(step, cast, number, actorOf(step, cast, step.who % 2 === 0 ? cast.keeper : cast.root)),
  deleteUser: (step, cast) => administering(step, cast, cast.root),
  setLoginEnabled: (step, cast) => administering(step, cast, cast.root, { enabled: step.kind === 'enable' }),
  user: (step, cast) => administering(step, cast, someone(step, cast)),
  users: (step, cast) => ({
    ...asActor(actorOf(step, cast, cast.keeper), step),
    inputs: same(step.dialect === 'idiot' && step.session > 0 ? { limit: step.who, offset: step.other } : {}),
  }),
  me: whoAmI,
  updateProfile: (step, cast, number) => ({ ...asActor(someone(step, cast), step), inputs: same(fill(step, cast, number)) }),
  changePassword: changingPassword,
  requestPasswordReset: askingForReset,
  resetPassword: resetting,
  beginTwoFactorEnrollment: enrolling,
  disableTwoFactor: disabling,
  changeEmail: movingEmail,
}

/** What a step means now. */
export function deedOf(step: Step, cast: Cast, number: string): Deed {
  const make = makings[step.operation]
  if (make === undefined) throw new Error(`no way to make ${step.operation}`)
  const made = make(step, cast, number)
  return { person: someone(step, cast), session: undefined, learn: () => undefined, ...made, step, operation: step.operation }
}
