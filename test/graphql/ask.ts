/**
 * GraphQL operations in one word: `mutate` runs a mutation by its name and selects its success and every failure whole;
 * `expectFailure` compares such a failure with nothing left out.
 */
import { expect } from 'vitest'
import { admin, type Person, signIn } from '../support/accounts.ts'
import { scopeNames } from '../support/scopes.ts'
import type { Answer, World } from '../support/world.ts'

/** Everything that a failure has. */
export const FAILURE = `__typename ... on Error { code message fieldErrors { field message } ... on PermissionError { missingScope }
  ... on RateLimitError { retryAfter } ... on TwoFactorRequired { loginCode expiresAt } }`

export const TOKENS = 'accessToken { token expiresAt } refreshToken { token expiresAt } opaqueToken { token expiresAt }'

/** The forms of what a sign-in hands out on GraphQL. */
export const isoDate = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
export const jwt = { token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/), expiresAt: isoDate }
export const refresh = { token: expect.stringMatching(/^rt_/), expiresAt: isoDate }
export const chain = { accessToken: jwt, refreshToken: refresh, opaqueToken: null }

/** What each success selects unless the caller says otherwise. */
const SUCCESS = `
  ... on SignUpSuccess { user { id } credentials { ${TOKENS} } }
  ... on SignInSuccess { user { id } credentials { ${TOKENS} } originCredentials { ${TOKENS} } }
  ... on RefreshSessionSuccess { user { id } credentials { ${TOKENS} } }
  ... on SignOutSuccess { endedSessions }
  ... on EndSessionSuccess { endedSessionId user { id } }
  ... on EndOtherSessionsSuccess { endedSessions user { id } }
  ... on EndUserSessionsSuccess { endedSessions user { id } }
  ... on CreatePersonalAccessTokenSuccess { token personalAccessToken { id name scopes createdAt expiresAt lastUsedAt } user { id } }
  ... on RevokePersonalAccessTokenSuccess { personalAccessToken { id name } }
  ... on ReauthenticateSuccess { authenticatedAt session { id } }
  ... on UpdateProfileSuccess { user { id name firstName lastName phone phoneE164 bio } }
  ... on ChangePasswordSuccess { user { id mustChangePassword } }
  ... on DeleteAccountSuccess { deletedUserId }
  ... on RequestPasswordResetSuccess { ok }
  ... on ResetPasswordSuccess { ok }
  ... on ConfirmEmailSuccess { user { id email emailVerified } }
  ... on CheckMailTokenSuccess { signInName }
  ... on DisownEmailSuccess { ok }
  ... on UndoAccountChangeSuccess { ok }
  ... on RequestEmailVerificationSuccess { user { id } }
  ... on ChangeEmailSuccess { pendingEmail user { id email emailVerified } }
  ... on BeginTwoFactorEnrollmentSuccess { secret otpauthUrl qrCode recoveryCodes }
  ... on ConfirmTwoFactorEnrollmentSuccess { recoveryCodes endedSessions user { id twoFactorEnabled recoveryCodesLeft } }
  ... on DisableTwoFactorSuccess { user { id twoFactorEnabled } endedSessions }
  ... on RegenerateRecoveryCodesSuccess { recoveryCodes user { id recoveryCodesLeft } }
  ... on CreateUserSuccess { createdUserId user { id username email name } }
  ... on InviteUserSuccess { invitedUserId isNew user { id username email name } }
  ... on DeleteUserSuccess { deletedUserId user { id username email name } }
  ... on SetLoginEnabledSuccess { user { id loginDisabled } }
  ... on SetAdminSuccess { user { id isAdmin } }
  ... on SetScopesSuccess { user { id scopes } }
  ... on ResetTwoFactorSuccess { user { id twoFactorEnabled } }
  ... on RotateSigningKeySuccess { kid }
  ... on CreateWebhookSuccess { secret webhook { id url description types isEnabled disabledAt disabledReason failingSince } }
  ... on UpdateWebhookSuccess { webhook { id url description types isEnabled disabledAt disabledReason failingSince } }
  ... on DeleteWebhookSuccess { webhook { id url } }
  ... on RotateWebhookSecretSuccess { secret webhook { id previousSecretUntil } }
  ... on RedeliverWebhookSuccess { queued }`

/** Successes that are not called like their operation. */
const OTHER_TYPES: Readonly<Record<string, string>> = {
  verifyTwoFactor: 'SignIn',
  signOutEverywhere: 'SignOut',
}

const capitalised = (name: string) => name.charAt(0).toUpperCase() + name.slice(1)
const successOf = (name: string): string => {
  const type = OTHER_TYPES[name] ?? capitalised(name)
  return SUCCESS.split('\n').find((line) => line.includes(`on ${type}Success`)) ?? ''
}

/** The document of a mutation that selects its success and every failure whole. */
export const mutationOf = (name: string, input?: object): string => {
  const [declared, passed] = input === undefined ? ['', ''] : [`($input: ${capitalised(name)}Input!)`, '(input: $input)']
  return `mutation${declared} { result: ${name}${passed} { ${successOf(name)} ${FAILURE} } }`
}

/** An entry of `errors`, in the form of a failure that is a value. */
const entryOf = ({ message, extensions }: { readonly message: string; readonly extensions?: Record<string, unknown> }) => {
  const { code, fieldErrors = [], ...more } = extensions ?? {}
  return { __typename: 'errors', code, message, fieldErrors, ...more }
}

/** What the one root field, `result`, came to: its value, or the entry of `errors` about it. */
const resultOf = (name: string, { text, status }: Answer): unknown => {
  const { data, errors = [] } = JSON.parse(text)
  const [error] = errors
  if (error !== undefined && status === 200 && error.extensions?.code !== undefined) return entryOf(error)
  if (status !== 200 || data == null || !('result' in data)) throw new Error(`${name} failed: ${text}`)
  return data.result
}

/** Runs a mutation and returns what it came to. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every form
export async function mutate(world: World, name: string, input?: object, token?: string): Promise<any> {
  return resultOf(name, await world.graphql(mutationOf(name, input), { input }, token))
}

/** Runs a query whose one root field is aliased `result`. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every form
export async function query(world: World, selection: string, token?: string, variables: object = {}, declared = ''): Promise<any> {
  return resultOf(selection, await world.graphql(`query${declared} { result: ${selection} }`, variables, token))
}

/** Compares a failure, whole. */
export const expectFailure = (result: unknown, type: string, code: string, fields: readonly string[] = [], more: object = {}): void =>
  expect(result).toEqual({
    __typename: type,
    code,
    message: expect.stringMatching(/\S/),
    fieldErrors: fields.map((field) => ({ field, message: expect.stringMatching(/\S/) })),
    ...(type === 'PermissionError' ? { missingScope: null } : {}),
    ...more,
  })

/** A fresh token of the world's administrator, however far time has moved. */
export const adminToken = async (world: World): Promise<string> => await signIn(world, await admin(world))

/** Grants scopes, however far time has moved. */
export const grantScopes = async (world: World, to: Pick<Person, 'id'>, scopes: readonly string[]): Promise<void> => {
  const result = await mutate(world, 'setScopes', { id: to.id, scopes: scopeNames(scopes) }, await adminToken(world))
  expect(result.user).toEqual({ id: to.id, scopes: scopeNames(scopes) })
}

/** The token in the link of the last mail to an address. */
export const mailedToken = (world: World, to: string): string => {
  const mail = world.mails.filter((sent) => sent.to === to).at(-1)
  return /#token=([\w-]+)/.exec(mail?.text ?? '')?.[1] ?? ''
}

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
