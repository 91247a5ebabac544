/**
 * What a step means at its turn: which operation, by whom, with which input in each world, and what everybody knows after it
 * went well. Inputs are those of GraphQL; a call spells them as its dialect does.
 */
import { totp } from '../support/accounts.ts'
import { type Accounts, NOT_THERE, type Person, personOf, type Session } from './accounts.ts'
import type { Input, Operation } from './graphqlCalls.ts'
import { type Both, both, type Side } from './pair.ts'
import { fieldsOf, type Step } from './steps.ts'
import { type Naming, textFor } from './values.ts'

/** What an answer hands out, however it is spelt. */
export interface Received {
  readonly id?: string | undefined
  readonly access?: string | undefined
  /** Another token of the same session that is as good, where a surface hands out two. */
  readonly also?: string | undefined
  readonly refresh?: string | undefined
  readonly loginCode?: string | undefined
  readonly secret?: string | undefined
  readonly recoveryCodes?: readonly string[] | undefined
}

export interface Action {
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
  readonly learn: (got: Both<Received>, passwords: Both<string>) => void
}

const at = <T>(list: readonly T[], number: number): T | undefined => list[number % Math.max(1, list.length)]
const same = (input: Input): Both<Input> => both(() => input)
const nobody = both((): string | undefined => undefined)

const namingOf = (step: Step, accounts: Accounts, number: string): Naming => {
  const other = at(accounts.people, step.other) ?? accounts.keeper
  const own = at(accounts.people, step.who) ?? accounts.keeper
  const isNew = step.operation === 'signUp' || step.operation === 'createUser'
  const local = isNew ? `mail${number}` : (own.email ?? own.username).replace(/@.*/, '')
  return { number, local, taken: other.email ?? 'nobody@example.com', takenUsername: other.username }
}

/** The fields of the operation on the step's dialect, plain but for the one that is tried. */
const fill = (step: Step, accounts: Accounts, number: string): Input => {
  const naming = namingOf(step, accounts, number)
  const names = fieldsOf[step.operation]?.[step.dialect] ?? []
  const left = step.kind === 'none' ? (step.field === 'both' ? ['username', 'email'] : [step.field]) : []
  const local = step.field === 'email' && step.kind === 'sameLocalPart' ? { ...naming, local: accounts.keeper.username } : naming
  const entries = names
    .filter((name) => !left.includes(name))
    .map((name) => [name, textFor(name, name === step.field ? step.kind : 'plain', local)] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

const part = <K extends keyof Received>(got: Both<Received>, key: K): Both<Received[K]> => both((side) => got[side][key])

const openSession = (person: Person, got: Both<Received>): void => {
  const [access, refresh] = [part(got, 'access'), part(got, 'refresh')]
  if (access.graphql === undefined || access.rest === undefined) return
  const also = both((side) => got[side].also ?? access[side] ?? '')
  person.sessions.push({ access: both((side) => access[side] ?? ''), also, refresh: [refresh] })
}

const signedIn = (person: Person, step: Step) => (got: Both<Received>) => {
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
const callerOf = (step: Step, accounts: Accounts, usual: Person): Person => {
  if (step.kind === 'byKeeper') return accounts.keeper
  if (step.kind === 'byMember') return accounts.people[0] ?? accounts.keeper
  return step.kind === 'byRoot' || step.kind === 'self' || step.kind === 'root' ? accounts.root : usual
}

const targetOf = (step: Step, accounts: Accounts, caller: Person): Both<string> => {
  if (step.kind === 'self') return caller.id
  if (step.kind === 'root') return accounts.root.id
  if (step.kind === 'unknown') return both(() => 'BsNr28znDkG8aeo7W')
  return step.kind === 'nul' ? both(() => 'nul\u0000') : (at(accounts.people, step.who)?.id ?? NOT_THERE)
}

type ActionParts = Omit<Action, 'step' | 'operation' | 'person' | 'session' | 'learn'> &
  Partial<Pick<Action, 'person' | 'session' | 'learn'>>

const asCaller = (person: Person, step: Step): Pick<Action, 'person' | 'session' | 'token'> => {
  const session = at(person.sessions, step.session)
  return { person, session, token: session?.access ?? NOT_THERE }
}

const someone = (step: Step, accounts: Accounts): Person => at(accounts.people, step.who) ?? accounts.keeper

const administering = (step: Step, accounts: Accounts, usual: Person, more: Input = {}): ActionParts => {
  const caller = callerOf(step, accounts, usual)
  const id = targetOf(step, accounts, caller)
  return { ...asCaller(caller, step), inputs: both((side) => ({ id: id[side], ...more })) }
}

const creating = (step: Step, accounts: Accounts, number: string, caller?: Person): ActionParts => {
  const input = fill(step, accounts, number)
  const made = (got: Both<Received>, passwords: Both<string>) => {
    const username = typeof input.username === 'string' ? input.username : `mail${number}`
    const email = typeof input.email === 'string' ? input.email.trim() : null
    const person = personOf(
      both((side) => got[side].id ?? ''),
      email,
      username,
      passwords,
    )
    accounts.people.push(person)
    openSession(person, got)
  }
  const by = caller === undefined ? { token: nobody } : asCaller(caller, step)
  return { ...by, inputs: same(input), newPassword: 'password', learn: made }
}

const changed = (person: Person) => (_got: unknown, passwords: Both<string>) => {
  person.previous = person.password
  person.password = passwords
}

const byRefreshToken = (step: Step, accounts: Accounts): ActionParts => {
  const person = someone(step, accounts)
  const session = at(
    person.sessions.filter(({ refresh }) => refresh.every((token) => token.graphql !== undefined && token.rest !== undefined)),
    step.session,
  )
  const place = step.kind === 'older' ? Math.max(0, (session?.refresh.length ?? 0) - 2) : (session?.refresh.length ?? 0) - 1
  const own = session?.refresh[place]
  const text = { nonsense: 'rt_nonsense', empty: '', nul: 'rt\u0000' }[step.kind]
  const learn = (got: Both<Received>) => {
    const [access, refresh] = [part(got, 'access'), part(got, 'refresh')]
    if (session === undefined || access.graphql === undefined) return
    session.access = both((side) => access[side] ?? '')
    session.also = session.access
    if (step.kind !== 'older') session.refresh.push(refresh)
  }
  return { person, session, token: nobody, inputs: both((side) => ({ refreshToken: text ?? own?.[side] ?? 'rt_none' })), learn }
}

const resetting = (step: Step, accounts: Accounts, number: string): ActionParts => {
  const place = step.kind === 'spent' || step.kind === 'older' ? 0 : accounts.resetTokens.length - 1
  const given = { nonsense: 'nonsense', emptyToken: '' }[step.kind]
  const token = accounts.resetTokens[place]
  const input = fill(step, accounts, number)
  const person =
    accounts.people.find(({ email }) => email !== null && email.toLowerCase() === token?.email.toLowerCase()) ?? accounts.keeper
  return {
    person,
    token: nobody,
    inputs: both((side) => ({ ...input, token: given ?? token?.token[side] ?? 'none' })),
    newPassword: 'newPassword',
    learn: changed(person),
  }
}

const askingForReset = (step: Step, accounts: Accounts, number: string): ActionParts => {
  const { email } = someone(step, accounts)
  const input = step.field === '' ? {} : fill(step, accounts, number)
  const known = step.kind === 'knownInCapitals' ? (email ?? '').toUpperCase() : email
  const plain = step.kind === 'unknown' || known === null || known === '' ? `nobody${number}@example.com` : known
  return { token: nobody, inputs: same({ email: plain, ...input }) }
}

const changingPassword = (step: Step, accounts: Accounts, number: string): ActionParts => {
  const person = someone(step, accounts)
  const old = passwordOf(person, step.kind)
  const input = fill(step, accounts, number)
  // A password that GraphQL would not have taken is another one there.
  const isSame = step.kind === 'same' && person.password.graphql === person.password.rest
  const given = (side: Side) => (isSame ? { newPassword: person.password[side] } : input)
  const inputs = both((side) => ({ ...given(side), oldPassword: old[side] }))
  return { ...asCaller(person, step), inputs, newPassword: 'newPassword', learn: changed(person) }
}

const disabling = (step: Step, accounts: Accounts): ActionParts => {
  const person = someone(step, accounts)
  const [code, password] = [codeOf(person, step.kind === 'emptyCode' ? 'empty' : step.kind), passwordOf(person, step.kind)]
  const byCode = ['byCode', 'wrongCode', 'emptyCode'].includes(step.kind)
  const byPassword = ['byPassword', 'wrongPassword'].includes(step.kind)
  const inputs = both((side) => ({ ...(byCode ? { code: code[side] } : {}), ...(byPassword ? { password: password[side] } : {}) }))
  const learn = () => {
    person.factor = null
  }
  return { ...asCaller(person, step), inputs, learn }
}

const signingIn = (step: Step, accounts: Accounts): ActionParts => {
  const person = someone(step, accounts)
  const [password, code] = [passwordOf(person, step.kind), codeOf(person, step.kind)]
  const identifier = identifierOf(person, step.kind)
  const inputs = both((side) => ({ identifier, password: password[side], ...(CODES.includes(step.kind) ? { code: code[side] } : {}) }))
  return { person, token: nobody, inputs, learn: signedIn(person, step) }
}

const verifying = (step: Step, accounts: Accounts): ActionParts => {
  const person = accounts.people.find(({ loginCodes }) => loginCodes.length > 0) ?? someone(step, accounts)
  const own = step.kind === 'older' ? person.loginCodes[0] : person.loginCodes.at(-1)
  const code = codeOf(person, step.kind)
  const inputs = both((side) => ({ code: code[side], loginCode: step.kind === 'unknown' ? 'unknown' : (own?.code[side] ?? 'none') }))
  return { person, token: nobody, inputs, learn: signedIn(person, step) }
}

const whoAmI = (step: Step, accounts: Accounts): ActionParts => {
  const caller = asCaller(someone(step, accounts), step)
  const token = { nobody, other: caller.session?.also ?? NOT_THERE }[step.kind] ?? caller.token
  return { ...caller, inputs: same({}), token }
}

const enrolling = (step: Step, accounts: Accounts): ActionParts => {
  const caller = asCaller(someone(step, accounts), step)
  const learn = (got: Both<Received>) => {
    // One that waits for its first code is none yet.
    if ((got.rest.recoveryCodes ?? []).length === 0) return
    caller.person.factor = { secret: both((side) => got[side].secret ?? ''), recoveryCodes: both((side) => got[side].recoveryCodes ?? []) }
    caller.person.recoveryCodesUsed = 0
  }
  return { ...caller, inputs: same({}), learn }
}

const movingEmail = (step: Step, accounts: Accounts, number: string): ActionParts => {
  const caller = asCaller(someone(step, accounts), step)
  const input = step.kind === 'own' ? { email: caller.person.email?.toUpperCase() ?? 'none' } : fill(step, accounts, number)
  const learn = () => {
    caller.person.email = String(input.email).trim()
  }
  return { ...caller, inputs: same(input), learn }
}

const actionMakers: Readonly<Partial<Record<Operation, (step: Step, accounts: Accounts, number: string) => ActionParts>>> = {
  signUp: (step, accounts, number) => creating(step, accounts, number),
  signIn: signingIn,
  verifyTwoFactor: verifying,
  refreshSession: byRefreshToken,
  signOut: (step, accounts) =>
    step.dialect === 'authentication' ? byRefreshToken(step, accounts) : { ...asCaller(someone(step, accounts), step), inputs: same({}) },
  signOutEverywhere: (step, accounts) => ({ ...asCaller(someone(step, accounts), step), inputs: same({}) }),
  createUser: (step, accounts, number) =>
    creating(step, accounts, number, callerOf(step, accounts, step.who % 2 === 0 ? accounts.keeper : accounts.root)),
  deleteUser: (step, accounts) => administering(step, accounts, accounts.root),
  setLoginEnabled: (step, accounts) => administering(step, accounts, accounts.root, { enabled: step.kind === 'enable' }),
  user: (step, accounts) => administering(step, accounts, someone(step, accounts)),
  users: (step, accounts) => ({
    ...asCaller(callerOf(step, accounts, accounts.keeper), step),
    inputs: same(step.dialect === 'idiot' && step.session > 0 ? { limit: step.who, offset: step.other } : {}),
  }),
  me: whoAmI,
  updateProfile: (step, accounts, number) => ({ ...asCaller(someone(step, accounts), step), inputs: same(fill(step, accounts, number)) }),
  changePassword: changingPassword,
  requestPasswordReset: askingForReset,
  resetPassword: resetting,
  beginTwoFactorEnrollment: enrolling,
  disableTwoFactor: disabling,
  changeEmail: movingEmail,
}

/** What a step means now. */
export function actionOf(step: Step, accounts: Accounts, number: string): Action {
  const make = actionMakers[step.operation]
  if (make === undefined) throw new Error(`no way to make ${step.operation}`)
  const made = make(step, accounts, number)
  return { person: someone(step, accounts), session: undefined, learn: () => undefined, ...made, step, operation: step.operation }
}
