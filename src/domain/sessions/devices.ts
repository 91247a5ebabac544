/**
 * The devices that an account signs in from: the kind of program, without version, and the network (an IPv4 /16, an IPv6 /32). A
 * sign-in from a new one is reported to the owner, except the first of an account.
 *
 * Each device has the exact addresses that it signed in from, its clients. Only their passwords are checked after strangers have
 * made too many attempts (`passwords/tries.ts`): a stranger can easily have a program like the owner's in the same network, but not
 * the owner's address.
 *
 * Stored as hashes, until 180 days after the last sign-in (`jobs/deleteExpired.ts`); an account has at most MOST of each, the most
 * recently used. A usual sign-in notes its device in the statement that writes it (`writeSession.ts`). Cost of `noteDevice`: two
 * statements for a known device at a known address, two more for a new address, five more for a new device.
 */
import { createHash } from 'node:crypto'
import ipaddr from 'ipaddr.js'
import type { Account } from '../frame/account.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { addressGroup } from '../limits/addresses.ts'
import { keyOf } from '../limits/counting.ts'
import { notice } from '../mails/notices.ts'
import { programOf } from '../mails/program.ts'

/** Limits for one account: more than anybody has, so that invented devices are limited too. */
const MOST = 100
export const MOST_CLIENTS = MOST

const networkOf = (clientAddress: string): string => {
  if (!ipaddr.isValid(clientAddress)) return clientAddress
  const address = ipaddr.process(clientAddress)
  const parts = address.kind() === 'ipv4' ? (address as ipaddr.IPv4).octets : (address as ipaddr.IPv6).parts
  return `${address.kind()} ${parts.slice(0, 2).join('.')}`
}

/** A browser after an update is the same device. */
const withoutVersions = (userAgent: string): string => userAgent.replace(/\d+/g, '')

const fingerprintOf = ({ clientAddress, userAgent }: Pick<Caller, 'clientAddress' | 'userAgent'>): string =>
  createHash('sha256')
    .update(JSON.stringify([withoutVersions(userAgent ?? ''), networkOf(clientAddress)]))
    .digest('base64url')

/** The key of a caller's device, and its exact address. */
export const clientOf = (
  caller: Pick<Caller, 'clientAddress' | 'userAgent'>,
): { readonly fingerprint: string; readonly client: string } => ({
  fingerprint: fingerprintOf(caller),
  client: keyOf(addressGroup(caller.clientAddress)),
})

/** Deletes an account's oldest devices beyond MOST. */
const forget = async (tx: Tx, userId: string): Promise<void> => {
  await tx.$executeRaw`
    DELETE FROM known_devices WHERE user_id = ${userId} AND fingerprint IN (
      SELECT fingerprint FROM known_devices WHERE user_id = ${userId} ORDER BY last_seen_at DESC, first_seen_at DESC OFFSET ${MOST})`
}

/** Whether the caller's device is new to the account. Lock the account's row first. */
const isNews = async (domain: Domain, tx: Tx, caller: Caller, userId: string): Promise<boolean> => {
  const fingerprint = fingerprintOf(caller)
  const now = domain.clock.now()
  const { count } = await tx.knownDevice.updateMany({ where: { userId, fingerprint }, data: { lastSeenAt: now } })
  if (count === 1) return false
  const other = await tx.knownDevice.findFirst({ where: { userId }, select: { fingerprint: true } })
  await tx.knownDevice.createMany({ data: [{ userId, fingerprint, firstSeenAt: now, lastSeenAt: now }] })
  await forget(tx, userId)
  return other !== null
}

/** Remembers the exact address of a known device. Lock the account's row first. */
const noteClient = async (domain: Domain, tx: Tx, caller: Caller, userId: string): Promise<void> => {
  const client = { userId, ...clientOf(caller) }
  const now = domain.clock.now()
  const { count } = await tx.knownClient.updateMany({ where: client, data: { lastSeenAt: now } })
  if (count === 1) return
  await tx.knownClient.createMany({ data: [{ ...client, firstSeenAt: now, lastSeenAt: now }] })
  await tx.$executeRaw`
    DELETE FROM known_clients WHERE user_id = ${userId} AND (fingerprint, client) IN (
      SELECT fingerprint, client FROM known_clients WHERE user_id = ${userId} ORDER BY last_seen_at DESC, first_seen_at DESC OFFSET ${MOST})`
}

/** Remembers the device of a sign-in, in its transaction, and notifies the owner of a new one. Returns whether it is new. */
export async function noteDevice(domain: Domain, tx: Tx, caller: Caller, account: Account): Promise<boolean> {
  const isNew = await isNews(domain, tx, caller, account.id)
  await noteClient(domain, tx, caller, account.id)
  if (!isNew) return false
  const { clientAddress, surface } = caller
  const facts = { at: domain.clock.now(), clientAddress, userAgent: programOf(caller.userAgent), surface }
  if (domain.config.NEW_DEVICE_NOTICE) await notice(domain, tx, account, 'newDevice', facts)
  return true
}
