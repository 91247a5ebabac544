/** The tokens of each kind that a load carries, from real sign-ins, made once for each server. */
import { signInTo } from '../peers/betterAuth.ts'
import { askAll } from './askAll.ts'
import { addressOf } from './people.ts'
import type { Servers } from './servers.ts'
import { range, signIns } from './signIns.ts'

const SIGNED_IN = 50

export interface Bearer {
  readonly token: string
  /** The address of its account. */
  readonly from: string
}

export interface Tokens {
  /** Of the limit. */
  limit(): Promise<readonly Bearer[]>
  /** `sess_…` of /v1. */
  opaque(): Promise<readonly Bearer[]>
  /** JWTs of /v1. */
  v1(): Promise<readonly Bearer[]>
  /** JWTs of `authentication`. */
  authentication(): Promise<readonly Bearer[]>
  betterAuth(): Promise<readonly Bearer[]>
}

interface V1Answer {
  readonly token: string
  readonly accessToken: string
}
interface AuthenticationAnswer {
  readonly tokens: { readonly access: { readonly token: string } }
}

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}

const bearers = <T>(answers: readonly T[], tokenOf: (answer: T) => string): Bearer[] =>
  answers.map((answer, index) => ({ token: tokenOf(answer), from: addressOf(index) }))

export function tokensOf({ ours, limit, betterAuth }: Servers): Tokens {
  const accounts = range(0, SIGNED_IN)
  const v1 = once(async () => await askAll<V1Answer>((await ours.running()).url, accounts.map(signIns.v1)))
  const authentication = once(
    async () => await askAll<AuthenticationAnswer>((await ours.running()).url, accounts.map(signIns.authentication)),
  )
  const ofLimit = once(async () => await askAll<{ token: string }>((await limit.running()).url, accounts.map(signIns.limit)))
  const ofBetterAuth = once(async () => {
    const program = await betterAuth?.running()
    return program === undefined ? [] : await Promise.all(accounts.map((index) => signInTo(program.url, index)))
  })
  return {
    limit: async () => bearers(await ofLimit(), ({ token }) => token),
    opaque: async () => bearers(await v1(), ({ token }) => token),
    v1: async () => bearers(await v1(), ({ accessToken }) => accessToken),
    authentication: async () => bearers(await authentication(), ({ tokens }) => tokens.access.token),
    betterAuth: ofBetterAuth,
  }
}
