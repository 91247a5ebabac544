/** Imports files into a world, as the command line does, and signs in on every surface with what people had before. */
import { randomBytes } from 'node:crypto'
import { createOutage } from '../../src/db/outage.ts'
import { createDomain } from '../../src/domain/createDomain.ts'
import { operatorCaller, withoutLimits } from '../../src/domain/frame/operator.ts'
import { type ImportResult, importAccounts, type SourceRecord } from '../../src/domain/moving/importAccounts.ts'
import type { ImporterOptions } from '../../src/importers/importer.ts'
import { importers } from '../../src/importers/importers.ts'
import { silent } from '../../src/tools/silent.ts'
import { clock } from '../support/clock.ts'
import type { World } from '../support/world.ts'

/** Where chunks end must not matter, so they are small and end within characters. */
const CHUNK = 1_021

export async function* inChunks(text: string | Uint8Array, size = CHUNK): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const importerNamed = (name: string) => {
  const importer = importers.find((each) => each.name === name)
  if (importer === undefined) throw new Error(`there is no importer ${name}`)
  return importer
}

/** What an importer makes of a file. */
export const recordsOf = async (name: string, text: string | Uint8Array, options: ImporterOptions = {}): Promise<SourceRecord[]> => {
  const records: SourceRecord[] = []
  for await (const record of importerNamed(name).read(inChunks(text), options)) records.push(record)
  return records
}

export interface Left {
  readonly number: number
  readonly outcome: 'skipped' | 'rejected'
  readonly reason: string
}

export interface Imported {
  readonly result: ImportResult
  readonly left: readonly Left[]
}

interface Given {
  readonly options?: ImporterOptions
  readonly allowFastHashes?: boolean
}

/** Imports a file into the database of a world. */
export async function importFile(world: World, name: string, text: string | Uint8Array, given: Given = {}): Promise<Imported> {
  const { client, reader, lists, pool } = world.db
  const domain = withoutLimits(
    await createDomain({
      ...{ config: world.config, db: client, reader, lists, pool, clock, randomBytes, log: silent },
      outage: createOutage(silent),
      deliver: async () => ({ outcome: 'delivered' }),
      isPwned: async () => false,
      webhookSender: { problem: async () => null, send: async () => ({ status: null, reason: 'nothing is sent' }) },
      secretKeys: ['the secret key of every test, long enough'],
    }),
  )
  const left: Left[] = []
  const result = await importAccounts(
    domain,
    operatorCaller(domain),
    { name: 'a file of the test', canReopen: true, open: () => importerNamed(name).read(inChunks(text), given.options ?? {}) },
    { origin: name, settings: given.options ?? {}, onConflict: 'skip', allowFastHashes: given.allowFastHashes ?? false, dryRun: false },
    { left: (number, outcome, reason) => void left.push({ number, outcome, reason }), progress: () => undefined },
    new AbortController().signal,
  )
  return { result, left }
}

const SIGN_IN = `mutation($input: SignInInput!) { result: signIn(input: $input) {
  ... on SignInSuccess { user { id } } ... on TwoFactorRequired { __typename } ... on Error { code } } }`

/** Every way to sign in: which id it tells, or undefined if it refuses. */
export const signInBy: Readonly<Record<string, (world: World, identifier: string, password: string) => Promise<string | undefined>>> = {
  async graphql(world, identifier, password) {
    const { body } = await world.graphql(SIGN_IN, { input: { identifier, password } })
    return body.result?.user?.id
  },
  /** The sign-in of `idiot` and `xiot`. */
  async v1(world, identifier, password) {
    const { body } = await world.post('/v1/auth/login', { email: identifier, password })
    if (body?.token === undefined) return undefined
    return (await world.get('/v1/profile', body.token)).body?.id
  },
  async wekan(world, identifier, password) {
    const name = identifier.includes('@') ? 'email' : 'username'
    const { body } = await world.post('/users/login', { [name]: identifier, password })
    return body?.id
  },
  async authentication(world, identifier, password) {
    const { body } = await world.post('/auth/login', { email: identifier, password })
    return body?.user?.id
  },
}

export const ways = Object.keys(signInBy)

/** Signs in by password and the code of an authenticator app, or a recovery code: the answer of the second step. */
export const signInWithCode = async (world: World, email: string, password: string, code: string): Promise<{ readonly token?: string }> => {
  const { body } = await world.post('/v1/auth/login', { email, password })
  if (body?.loginCode === undefined) throw new Error('no code was asked for')
  return (await world.post('/v1/auth/verify-totp', { loginCode: body.loginCode, code })).body
}

const ME = '{ me { id } }'

/** Whose session a token of GraphQL is. */
export const ownerOf = async (world: World, token: string): Promise<string | undefined> => (await world.graphql(ME, {}, token)).body?.me?.id

/** The hash of an account. */
export const hashOf = async (world: World, id: string): Promise<string | null | undefined> =>
  (await world.db.client.user.findUnique({ where: { id }, select: { passwordHash: true } }))?.passwordHash
